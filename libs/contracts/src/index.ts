export * from './envelope.js';
export * from './define-event.js';
