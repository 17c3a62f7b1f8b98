export * from './parked-events.js';
