export * from './port.js';
export * from './bullmq/index.js';
export * from './postgres/index.js';
