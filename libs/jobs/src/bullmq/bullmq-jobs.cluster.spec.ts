import { describeJobs } from '../contract/jobs-contract.js';
import { jobsOnRedis } from './jobs-on-redis.fixture.js';

describeJobs('Redis', jobsOnRedis);
