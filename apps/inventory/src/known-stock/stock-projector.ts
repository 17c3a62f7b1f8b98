import {
  AllocationReleased,
  HoldLifted,
  IssueUndone,
  LotHeld,
  LotReceived,
  LotRejected,
  LotReleased,
  StockAllocated,
  StockIssued,
} from '#contracts';
import type { Projector } from '#projections';
import { createFactStore, factStoreHandles } from '#traceability';
import { applyBookEvents, BOOK_EXPORT, createBookTables } from './book-tables.js';
import { PUBLIC_STOCK } from './public-stock.js';
import { STOCK } from './stock-name.js';

/** What the books decided and the fact store has no use for. */
const OF_BOOKS = [
  LotReceived,
  LotHeld,
  HoldLifted,
  LotReleased,
  LotRejected,
  StockAllocated,
  AllocationReleased,
  StockIssued,
  IssueUndone,
];

const FACTS_EXPORT = (s: string): readonly { table: string; sql: string }[] => [
  { table: 'lots', sql: `SELECT id, kind, item, lot_code, acts FROM ${s}.lots ORDER BY id` },
  {
    table: 'balances',
    sql: `SELECT l.id AS lot, b.place, b.unit, b.dimension, b.value::text AS value FROM ${s}.balances b
          JOIN ${s}.lots l ON l.owner = b.owner ORDER BY l.id, b.place, b.unit, b.dimension, b.value`,
  },
  { table: 'dates', sql: `SELECT id, dates FROM ${s}.dates ORDER BY id` },
];

/**
 * Known stock (what the facts of all contexts say of balances, dates and acts) and what the stock books decided, in one
 * schema: both move with one checkpoint, so an act is never in one and missing in the other for a reader of a snapshot.
 */
export const stockProjector: Projector = {
  name: STOCK,
  version: 2,
  handles: new Map([...factStoreHandles, ...OF_BOOKS.map(({ type, version }) => [type, version] as const)]),
  createSchema: async ({ client, schema }) => {
    await createFactStore({ schema }).createSchema(client);
    await createBookTables(client, schema);
  },
  apply: async ({ client, schema }, events) => {
    await createFactStore({ schema }).apply(client, events);
    await applyBookEvents(client, schema, events);
  },
  markParked: async ({ client, schema }, events, parked) =>
    createFactStore({ schema }).markParked(client, events, parked),
  export: async function* ({ client, schema }) {
    for (const { table, sql } of [...FACTS_EXPORT(schema), ...BOOK_EXPORT(schema)]) {
      const { rows } = await client.query<object>(sql);
      for (const row of rows) yield { table, row };
    }
  },
  publishes: (schema) => ({ stock: PUBLIC_STOCK(schema) }),
};
