export * from './postgres.js';
export * from './given-when-then.js';
export * from './run-ts/spawn-ts.js';
