export * from './happening.js';
