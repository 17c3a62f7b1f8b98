export * from './items.js';
export * from './runs.js';
export * from './transformations.js';
