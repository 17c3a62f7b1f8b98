export * from './shipment.js';
