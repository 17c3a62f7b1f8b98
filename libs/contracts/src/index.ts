export * from './envelope.js';
export * from './define-event.js';
export * from './inventory/index.js';
export * from './shipping/index.js';
export * from './recalls/index.js';
export * from './decided.js';
export * from './capture/index.js';
export * from './epcis/index.js';
