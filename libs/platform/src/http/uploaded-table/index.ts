export type { CellProblem, UploadedTable } from './uploaded-table.js';
export { requireTable, TABLE_TYPES, TakesTable } from './accept-tables.js';
export * from './import-rows.js';
export type { UploadColumn, UploadedRow } from './read-rows.js';
