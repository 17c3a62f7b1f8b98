import { describeForgetting } from '../contract/forgetting.js';
import { describeJobsDisturbed } from '../contract/jobs-contract.js';
import { jobsOnRedis } from './jobs-on-redis.fixture.js';

describeJobsDisturbed('Redis', jobsOnRedis);
describeForgetting(jobsOnRedis);
