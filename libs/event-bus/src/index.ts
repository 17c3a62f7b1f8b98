export * from './port.js';
export * from './partition-of.js';
export * from './log-tail/log-tail-bus.js';
