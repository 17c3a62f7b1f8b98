export * from './amount.js';
export * from './units.js';
export * from './time.js';
export * from './errors.js';
export * from './gs1-id.js';
export * from './lossless-json.js';
export * from './content-hash.js';
export * from './decider.js';
