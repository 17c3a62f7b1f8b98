export type { LookedAt } from './fields.js';
export * from './receipt.js';
export * from './delivery.js';
export * from './quality.js';
export * from './inspection-plans.js';
export * from './nonconformance.js';
export * from './commitments.js';
export * from './corrections.js';
export * from './carried-forward.js';
