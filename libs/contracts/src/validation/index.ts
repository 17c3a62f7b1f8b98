export * from './near-miss.js';
export * from './validator.js';
export { found } from './found.js';
