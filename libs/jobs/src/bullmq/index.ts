export { createBullmqJobs, type BullmqJobsOptions } from './bullmq-jobs.js';
