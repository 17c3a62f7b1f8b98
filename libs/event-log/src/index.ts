export * from './port.js';
export * from './read-position.js';
export * from './postgres/index.js';
