export * from './postgres.js';
export * from './given-when-then.js';
