export * from './items.js';
export * from './runs.js';
export * from './transformations.js';
export * from './consumption.js';
export type { TransformationStatement } from './fields.js';
