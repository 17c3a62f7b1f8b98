export * from './fact-store.js';
export type { Cut as StoreCut } from './cut.js';
export { presentGraph } from './graph/present-graph.js';
