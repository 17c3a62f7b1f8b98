export { createPostgresJobs, type PostgresJobsOptions } from './postgres-jobs.js';
export { migratePostgresJobs } from './migrate-postgres-jobs.js';
