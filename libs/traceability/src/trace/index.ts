export * from './transformation.js';
export * from './graph.js';
export * from './answer.js';
