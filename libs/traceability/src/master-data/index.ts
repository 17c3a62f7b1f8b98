export * from './master-data.js';
