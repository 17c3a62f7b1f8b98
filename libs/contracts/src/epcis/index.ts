export * from './vocabulary/vocabulary.js';
export * from './vocabulary/biz-step.js';
export * from './vocabulary/disposition.js';
export * from './vocabulary/biz-transaction-type.js';
export * from './vocabulary/source-destination-type.js';
export * from './vocabulary/error-reason.js';
