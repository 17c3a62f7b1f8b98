export * from './fact-store.js';
export type { Cut as StoreCut } from './cut.js';
export { presentGraph } from './graph/present-graph.js';
export { cutGraph } from './graph/cut-graph.js';
export { overdue, type Punctuality } from './graph/overdue.js';
export { positionAt, recordTimeAt } from './read-cut.js';
export { readMasterData } from './master-data.js';
export type { Queryable } from './unnest.js';
