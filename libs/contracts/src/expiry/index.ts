export * from './alert.js';
export * from './leads.js';
