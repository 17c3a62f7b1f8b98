export * from './happening.js';
export * from './interpret/index.js';
export * from './trace/index.js';
export * from './memory-graph/index.js';
export * from './master-data/index.js';
export * from './ledger/index.js';
export * from './store/index.js';
