export * from './port.js';
export * from './read-position.js';
export * from './postgres/index.js';
export * from './eventstoredb/index.js';
export * from './is-same-log.js';
