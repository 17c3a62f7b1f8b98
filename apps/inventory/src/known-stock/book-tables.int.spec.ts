import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { RecordedEvent } from '#contracts';
import { LotlineError, decimalText, measure } from '#kernel';
import { createTestDatabase, type TestDatabase } from '#testkit';
import type { BookCommand } from '../domain/book/command.js';
import { bookDecider } from '../domain/book/decide.js';
import type { Book, BookEvent } from '../domain/book/book.js';
import { knownLot, knownStock } from '../domain/known-stock.fixture.js';
import { applyBookEvents, BOOK_EXPORT, createBookTables } from './book-tables.js';

const LOTS = ['urn:lotline:lot:us:item:A', 'urn:lotline:lot:us:item:B'];
const PLACE = 'urn:example:place:plant';
const KNOWN = knownStock('0', ...LOTS.map((lot) => knownLot(lot, { [PLACE]: '100 KGM' })));
const at = { known: KNOWN, now: '2026-04-20T10:00:00Z' };

const lot = fc.constantFrom(...LOTS);
const n = fc.integer({ min: 1, max: 4 });
const amount = fc.integer({ min: 1, max: 60 }).map((v) => measure(String(v), 'KGM'));
const command: fc.Arbitrary<BookCommand> = fc.oneof(
  fc.record({ n, lot, amount }).map((c): BookCommand => ({
    type: 'allocate',
    allocation: `A-${c.n}`,
    for: `shipment:${c.n}`,
    neededOn: '2026-04-20',
    lines: [{ index: 0, lot: c.lot, place: PLACE, ...c.amount }],
    ...at,
  })),
  fc.record({ n, lot, amount, attempt: n }).map((c): BookCommand => ({
    type: 'issue',
    reference: `shipment:${c.n}`,
    attempt: c.attempt,
    lines: [{ index: 0, lot: c.lot, place: PLACE, ...c.amount }],
    allocations: [],
    day: '2026-04-20',
    ...at,
  })),
  n.map((i): BookCommand => ({ type: 'undo-issue', reference: `shipment:${i}`, reason: 'x', ...at })),
  n.map((i): BookCommand => ({ type: 'release-allocation', allocation: `A-${i}`, ...at })),
  fc.record({ n, lot }).map((c): BookCommand => ({
    type: 'hold',
    lots: [c.lot],
    holdId: `H-${c.n}`,
    reason: 'x',
    owner: 'q',
    ...at,
  })),
  fc
    .record({ n, lot })
    .map((c): BookCommand => ({ type: 'lift', lots: [c.lot], holdId: `H-${c.n}`, reason: 'x', ...at })),
  lot.map((l): BookCommand => ({ type: 'reject', lot: l, reason: 'x', ...at })),
  lot.map((l): BookCommand => ({ type: 'release', lot: l, ...at })),
);

const historyOf = (commands: readonly BookCommand[]): { book: Book; events: RecordedEvent[] } => {
  let book = bookDecider.initialState();
  const events: BookEvent[] = [];
  for (const c of commands) {
    try {
      const decided = bookDecider.decide(c, book);
      book = decided.reduce(bookDecider.evolve, book);
      events.push(...decided);
    } catch (error) {
      if (!(error instanceof LotlineError)) throw error;
    }
  }
  const recorded = events.map((event, i) => ({
    ...event,
    stream: 'stock-item',
    revision: i,
    position: String(i + 1).padStart(16, '0'),
  }));
  return { book, events: recorded as unknown as RecordedEvent[] };
};

describe('what the books decided, as rows', () => {
  let database: TestDatabase;
  let schemas = 0;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  /** Rows after these events came in batches of these sizes. */
  const rowsAfter = async (events: readonly RecordedEvent[], sizes: readonly number[]): Promise<unknown> => {
    const client = await database.pool.connect();
    const schema = `s${++schemas}`;
    try {
      await client.query(`CREATE SCHEMA ${schema}`);
      await createBookTables(client, schema);
      for (let from = 0, i = 0; from < events.length; i++) {
        const size = sizes[i % sizes.length] ?? 1;
        await applyBookEvents(client, schema, events.slice(from, from + size));
        from += size;
      }
      const tables: Record<string, unknown[]> = {};
      for (const { table, sql } of BOOK_EXPORT(schema)) tables[table] = (await client.query(sql)).rows as unknown[];
      const lines = `SELECT kind, id, lot, place, value::text FROM ${schema}.commitment_lines ORDER BY kind, id, n`;
      tables.lines = (await client.query(lines)).rows as unknown[];
      return tables;
    } finally {
      await client.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
      client.release();
    }
  };

  it('are those of the book itself, however the events were divided into batches', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(command, { maxLength: 40 }),
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }),
        async (commands, sizes) => {
          const { book, events } = historyOf(commands);
          const divided = await rowsAfter(events, sizes);
          expect(divided).toEqual(await rowsAfter(events, [Math.max(1, events.length)]));
          const open = [
            ...[...book.allocations].flatMap(([id, a]) =>
              a.released ? [] : a.open.filter((l) => l.value.gt(0)).map((l) => ({ kind: 'allocation', id, l })),
            ),
            ...[...book.issues].flatMap(([id, i]) => (i.undone ? [] : i.lines.map((l) => ({ kind: 'issue', id, l })))),
          ].sort((a, b) => (`${a.kind}${a.id}` < `${b.kind}${b.id}` ? -1 : 1));
          expect((divided as { lines: unknown[] }).lines).toEqual(
            open.map(({ kind, id, l }) => ({ kind, id, lot: l.lot, place: l.place, value: decimalText(l.value) })),
          );
          const holds = [...book.lots].flatMap(([lotId, l]) => [...l.holds.keys()].map((h) => `${lotId} ${h}`)).sort();
          expect(
            (divided as { holds: { lot: string; hold_id: string }[] }).holds.map((h) => `${h.lot} ${h.hold_id}`),
          ).toEqual(holds);
        },
      ),
      { numRuns: 40 },
    );
  });
});
