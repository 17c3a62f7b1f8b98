import { describeJobs } from '../contract/jobs-contract.js';
import { jobsOnPostgres } from './jobs-on-postgres.fixture.js';

describeJobs('PostgreSQL', jobsOnPostgres);
