export * from './postgres.js';
export * from './given-when-then.js';
export * from './run-ts/spawn-ts.js';
export * from './fault-client.js';
export * from './severing-proxy.js';
