import type { RecordedEvent } from '#contracts';
import { decimalText } from '#kernel';
import type { PoolClient } from 'pg';
import type { Book, BookEvent, Take } from '../domain/book/book.js';
import { emptyBook } from '../domain/book/book.js';
import { foldInto } from '../domain/book/evolve.js';
import { readAllocation, readIssue, writeAllocation, writeIssue } from './commitment-state.js';

/** Whatever runs SQL. */
export type Queryable = Pick<PoolClient, 'query'>;

/** What the stock books decided, for questions over many of them. The books themselves are the truth. */
const TABLES = (s: string): string => `
CREATE TABLE IF NOT EXISTS ${s}.holds (
  lot        text COLLATE "C" NOT NULL,
  hold_id    text COLLATE "C" NOT NULL,
  reason     text NOT NULL,
  owner_id   text COLLATE "C" NOT NULL,
  event_time text NOT NULL,
  held_at    text COLLATE "C" NOT NULL,
  PRIMARY KEY (lot, hold_id)
);
CREATE INDEX IF NOT EXISTS holds_owner ON ${s}.holds (owner_id, lot);
CREATE TABLE IF NOT EXISTS ${s}.quality (
  lot    text COLLATE "C" PRIMARY KEY,
  status text NOT NULL
);
CREATE TABLE IF NOT EXISTS ${s}.commitments (
  kind       text NOT NULL,
  id         text COLLATE "C" NOT NULL,
  stream     text COLLATE "C" NOT NULL,
  standing   boolean NOT NULL,
  state      json NOT NULL,
  event_time text NOT NULL,
  decided_at text COLLATE "C" NOT NULL,
  PRIMARY KEY (kind, id, stream)
);
CREATE INDEX IF NOT EXISTS commitments_standing ON ${s}.commitments (kind, id) WHERE standing;
CREATE INDEX IF NOT EXISTS commitments_for ON ${s}.commitments ((state->>'for')) WHERE standing;
CREATE TABLE IF NOT EXISTS ${s}.commitment_lines (
  kind      text NOT NULL,
  id        text COLLATE "C" NOT NULL,
  stream    text COLLATE "C" NOT NULL,
  n         integer NOT NULL,
  lot       text COLLATE "C" NOT NULL,
  place     text COLLATE "C" NOT NULL,
  dimension text NOT NULL,
  value     numeric NOT NULL,
  PRIMARY KEY (kind, id, stream, n)
);
CREATE INDEX IF NOT EXISTS commitment_lines_lot ON ${s}.commitment_lines (lot);`;

export const createBookTables = async (client: Queryable, schema: string): Promise<void> => {
  await client.query(TABLES(schema));
};

/** @param events those of stock books among a batch, in log order. */
export const applyBookEvents = async (
  client: Queryable,
  schema: string,
  events: readonly RecordedEvent[],
): Promise<void> => {
  const own = events.filter((event) => event.stream.startsWith('stock-')) as unknown as (BookEvent & RecordedEvent)[];
  if (own.length === 0) return;
  await applyHolds(client, schema, own);
  await applyQuality(client, schema, own);
  await applyCommitments(client, schema, own);
};

type RecordedBookEvent = BookEvent & RecordedEvent;

const UPSERT_HOLDS = (s: string): string => `
INSERT INTO ${s}.holds (lot, hold_id, reason, owner_id, event_time, held_at)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
ON CONFLICT (lot, hold_id) DO UPDATE
SET reason = EXCLUDED.reason, owner_id = EXCLUDED.owner_id, event_time = EXCLUDED.event_time, held_at = EXCLUDED.held_at`;
const DELETE_HOLDS = (s: string): string => `
DELETE FROM ${s}.holds h USING unnest($1::text[], $2::text[]) AS v(lot, hold_id) WHERE h.lot = v.lot AND h.hold_id = v.hold_id`;

const applyHolds = async (client: Queryable, schema: string, events: readonly RecordedBookEvent[]): Promise<void> => {
  type Change = Extract<RecordedBookEvent, { type: 'LotHeld' | 'HoldLifted' }>;
  const last = new Map<string, Change>();
  for (const event of events)
    if (event.type === 'LotHeld' || event.type === 'HoldLifted')
      last.set(`${event.data.lot}\n${event.data.holdId}`, event);
  const held = [...last.values()].flatMap((e) => (e.type === 'LotHeld' ? [e] : []));
  const lifted = [...last.values()].flatMap((e) => (e.type === 'HoldLifted' ? [e] : []));
  if (held.length > 0)
    await client.query(UPSERT_HOLDS(schema), [
      held.map((e) => e.data.lot),
      held.map((e) => e.data.holdId),
      held.map((e) => e.data.reason),
      held.map((e) => e.data.owner),
      held.map((e) => e.eventTime),
      held.map((e) => e.position),
    ]);
  if (lifted.length > 0)
    await client.query(DELETE_HOLDS(schema), [lifted.map((e) => e.data.lot), lifted.map((e) => e.data.holdId)]);
};

const UPSERT_QUALITY = (s: string): string => `
INSERT INTO ${s}.quality (lot, status) SELECT * FROM unnest($1::text[], $2::text[])
ON CONFLICT (lot) DO UPDATE SET status = EXCLUDED.status`;

const qualityIn = (event: RecordedBookEvent): string | undefined => {
  switch (event.type) {
    case 'LotReceived':
      return event.data.quarantine ? 'quarantine' : undefined;
    case 'LotReleased':
      return 'released';
    case 'LotRejected':
      return 'rejected';
    default:
      return undefined;
  }
};

const applyQuality = async (client: Queryable, schema: string, events: readonly RecordedBookEvent[]): Promise<void> => {
  const last = new Map<string, string>();
  for (const event of events) {
    const status = qualityIn(event);
    if (status !== undefined) last.set((event.data as { lot: string }).lot, status);
  }
  if (last.size > 0) await client.query(UPSERT_QUALITY(schema), [[...last.keys()], [...last.values()]]);
};

interface CommitmentRow {
  kind: 'allocation' | 'issue';
  id: string;
  stream: string;
  state: unknown;
}

const READ_COMMITMENTS = (s: string): string => `
SELECT c.kind, c.id, c.stream, c.state FROM ${s}.commitments c
JOIN unnest($1::text[], $2::text[], $3::text[]) AS v(kind, id, stream) USING (kind, id, stream)`;
const UPSERT_COMMITMENTS = (s: string): string => `
INSERT INTO ${s}.commitments (kind, id, stream, standing, state, event_time, decided_at)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::boolean[], $5::json[], $6::text[], $7::text[])
ON CONFLICT (kind, id, stream) DO UPDATE
SET standing = EXCLUDED.standing, state = EXCLUDED.state, event_time = EXCLUDED.event_time, decided_at = EXCLUDED.decided_at`;
const DELETE_LINES = (s: string): string => `
DELETE FROM ${s}.commitment_lines l USING unnest($1::text[], $2::text[], $3::text[]) AS v(kind, id, stream)
WHERE l.kind = v.kind AND l.id = v.id AND l.stream = v.stream`;
const INSERT_LINES = (s: string): string => `
INSERT INTO ${s}.commitment_lines (kind, id, stream, n, lot, place, dimension, value)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::text[], $6::text[], $7::text[], $8::numeric[])`;

interface Key {
  kind: 'allocation' | 'issue';
  id: string;
  stream: string;
}

/** Which commitments an event changes, as far as it says so itself. */
const namedBy = (event: RecordedBookEvent): Key[] => {
  const { stream } = event;
  switch (event.type) {
    case 'StockAllocated':
    case 'AllocationReleased':
      return [{ kind: 'allocation', id: event.data.allocation, stream }];
    case 'StockIssued':
      return [
        { kind: 'issue', id: event.data.reference, stream },
        ...(event.data.allocations ?? []).map((id): Key => ({ kind: 'allocation', id, stream })),
      ];
    case 'IssueUndone':
      return [{ kind: 'issue', id: event.data.reference, stream }];
    default:
      return [];
  }
};

const load = async (
  client: Queryable,
  schema: string,
  keys: readonly Key[],
  books: Map<string, Book>,
): Promise<void> => {
  const { rows } = await client.query<CommitmentRow>(READ_COMMITMENTS(schema), [
    keys.map((k) => k.kind),
    keys.map((k) => k.id),
    keys.map((k) => k.stream),
  ]);
  for (const row of rows) {
    const book = books.get(row.stream);
    if (row.kind === 'allocation')
      book?.allocations.set(row.id, readAllocation(row.state as Parameters<typeof readAllocation>[0]));
    else book?.issues.set(row.id, readIssue(row.state as Parameters<typeof readIssue>[0]));
  }
};

/** Folds the events into the commitments they touch by the very fold of the book, and writes those back. */
const applyCommitments = async (
  client: Queryable,
  schema: string,
  events: readonly RecordedBookEvent[],
): Promise<void> => {
  const relevant = events.filter((event) => namedBy(event).length > 0);
  if (relevant.length === 0) return;
  const books = new Map(relevant.map((event) => [event.stream, emptyBook()]));
  await load(client, schema, relevant.flatMap(namedBy), books);
  // An undone issue gives back to the allocations it drew on, which only its row names.
  const drawn = [...books].flatMap(([stream, book]) =>
    [...book.issues.values()].flatMap((issue) =>
      issue.used
        .filter(({ allocation }) => !book.allocations.has(allocation))
        .map(({ allocation }): Key => ({ kind: 'allocation', id: allocation, stream })),
    ),
  );
  if (drawn.length > 0) await load(client, schema, drawn, books);
  const touched = new Map<string, RecordedBookEvent>();
  for (const event of relevant) {
    const book = books.get(event.stream);
    if (!book) continue;
    foldInto(book, event);
    touched.set(event.stream, event);
  }
  await write(
    client,
    schema,
    [...books].flatMap(([stream, book]) => rowsOf(stream, book, touched.get(stream))),
  );
};

interface WrittenRow extends Key {
  standing: boolean;
  state: unknown;
  eventTime: string;
  decidedAt: string;
  lines: readonly Take[];
}

const rowsOf = (stream: string, book: Book, last: RecordedBookEvent | undefined): WrittenRow[] => {
  const at = { stream, eventTime: last?.eventTime ?? '', decidedAt: last?.position ?? '' };
  return [
    ...[...book.allocations].map(([id, allocation]): WrittenRow => {
      const open = allocation.released ? [] : allocation.open.filter((line) => line.value.gt(0));
      return {
        ...at,
        kind: 'allocation',
        id,
        standing: open.length > 0,
        state: writeAllocation(allocation),
        lines: open,
      };
    }),
    ...[...book.issues].map(([id, issue]): WrittenRow => ({
      ...at,
      kind: 'issue',
      id,
      standing: !issue.undone,
      state: writeIssue(issue),
      lines: issue.undone ? [] : issue.lines,
    })),
  ];
};

const write = async (client: Queryable, schema: string, rows: readonly WrittenRow[]): Promise<void> => {
  const keys = [rows.map((r) => r.kind), rows.map((r) => r.id), rows.map((r) => r.stream)];
  await client.query(UPSERT_COMMITMENTS(schema), [
    ...keys,
    rows.map((r) => r.standing),
    rows.map((r) => JSON.stringify(r.state)),
    rows.map((r) => r.eventTime),
    rows.map((r) => r.decidedAt),
  ]);
  await client.query(DELETE_LINES(schema), keys);
  const lines = rows.flatMap((row) => row.lines.map((line, n) => ({ row, line, n })));
  if (lines.length === 0) return;
  await client.query(INSERT_LINES(schema), [
    lines.map(({ row }) => row.kind),
    lines.map(({ row }) => row.id),
    lines.map(({ row }) => row.stream),
    lines.map(({ n }) => n),
    lines.map(({ line }) => line.lot),
    lines.map(({ line }) => line.place),
    lines.map(({ line }) => line.dimension),
    lines.map(({ line }) => decimalText(line.value)),
  ]);
};

/** Tables of books in canonical order, without positions. */
export const BOOK_EXPORT = (s: string): readonly { table: string; sql: string }[] => [
  { table: 'holds', sql: `SELECT lot, hold_id, reason, owner_id, event_time FROM ${s}.holds ORDER BY lot, hold_id` },
  { table: 'quality', sql: `SELECT lot, status FROM ${s}.quality ORDER BY lot` },
  {
    table: 'commitments',
    sql: `SELECT kind, id, stream, standing, state FROM ${s}.commitments ORDER BY kind, id, stream`,
  },
];
