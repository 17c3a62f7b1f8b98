export * from './receipt.js';
export * from './quality.js';
export * from './commitments.js';
export * from './corrections.js';
export * from './carried-forward.js';
