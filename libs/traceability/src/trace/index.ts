export * from './graph.js';
export * from './answer.js';
export * from './transformation.js';
export * from './trace.js';
export { sharesOf, type Share } from './exposure.js';
export type { ReachedGraph } from './reached-graph.js';
export * from './lot-id.js';
export { toldDiscrepancy } from './told-time.js';
export * from './upstream-paths.js';
