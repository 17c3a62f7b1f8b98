export * from './graph.js';
export { staysOf } from './stays.js';
export { statusOf, type LotStatus } from './status.js';
export { aliasesOf, withAliases } from './aliases.js';
export { transformationNode, type UnitLegs } from './transformations.js';
export { shipmentNodes } from './shipments.js';
export { lotNode } from './lots.js';
