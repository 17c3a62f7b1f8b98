export * from './master-data.js';
export * from './entries.js';
export * from './value.js';
