import { describeJobsDisturbed } from '../contract/jobs-contract.js';
import { jobsOnPostgres } from './jobs-on-postgres.fixture.js';

describeJobsDisturbed('PostgreSQL', jobsOnPostgres);
