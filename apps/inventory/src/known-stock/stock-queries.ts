import { partyIdOf, placeIdOf } from '#contracts';
import type { EventLog } from '#event-log';
import { amountOf, canonicalId, decimal, type Amount } from '#kernel';
import { cursorKey, pageOf, type Page, type PageAt, type Projections } from '#platform';
import { type LotDates, parkedAbout } from '#traceability';
import type { Pool } from 'pg';
import { isExpiredOn, isRetestDueOn, RECALL_OWNER } from '../domain/book/blocks.js';
import { STATUS } from './public-stock.js';
import type { SiteDays } from './site-days.js';
import { STOCK } from './stock-name.js';

export interface HoldView {
  lot: string;
  holdId: string;
  reason: string;
  owner: string;
  /** When it was decided. */
  since: string;
  /** Log position at which the book said so. */
  position: string;
}

export const STOCK_STATUSES = [
  'recalled',
  'rejected',
  'held',
  'quarantine',
  'expired',
  'retest-due',
  'released',
  'unrestricted',
] as const;
export type StockStatus = (typeof STOCK_STATUSES)[number];

export interface StockRow {
  lot: string;
  item: string | null;
  lotCode: string | null;
  place: string;
  /** Whose place it is, where anybody said; `ours` unless it is another party's. */
  party: string | null;
  ours: boolean;
  amount: Amount;
  /** The gravest of `blocked`; what quality says where nothing blocks it. */
  status: StockStatus;
  /** Everything that keeps commands from taking it, as the codes of a refusal say it. */
  blocked: string[];
  holds: Omit<HoldView, 'lot'>[];
  dates: LotDates;
}

export interface CommitmentView {
  kind: 'allocation' | 'issue';
  id: string;
  lines: { lot: string; place: string; amount: Amount }[];
  attempt?: number;
  for?: string;
  /** When it was decided. */
  since: string;
}

export interface BrokenCommitment {
  lot: string;
  place: string;
  /** What is promised or given out and not seen leaving yet. */
  committed: Amount;
  /** What the facts leave there. */
  known: Amount;
  /** `since`: when it was decided. */
  commitments: { kind: string; id: string; amount: Amount; since: string }[];
}

export interface StockPage extends PageAt<StockRow> {
  /** False where events are parked that may change it. */
  complete: boolean;
  /** Parked events that name the lot asked for, any where none is asked for. */
  parked: readonly string[];
}

export interface StockFilter {
  lot?: string | undefined;
  item?: string | undefined;
  place?: string | undefined;
  /** At places of this party. */
  owner?: string | undefined;
  /** True: at places of ours, false: at those of others. */
  ours?: boolean | undefined;
  status?: StockStatus | undefined;
  cursor?: string | undefined;
  limit: number;
}

export interface StockQueries {
  stock(filter: StockFilter): Promise<StockPage>;
  holds(filter: {
    owner?: string | undefined;
    /** Owners that begin so, e.g. `recall:`. */
    ownerPrefix?: string | undefined;
    lot?: string | undefined;
    cursor?: string | undefined;
    limit: number;
  }): Promise<Page<HoldView>>;
  /** Commitments that stand; of issues only those whose act no fact shows yet. */
  commitments(filter: {
    kind?: 'allocation' | 'issue' | undefined;
    lot?: string | undefined;
    /** Id or start of it, e.g. `shipment:`. */
    prefix?: string | undefined;
    /** Allocations for somebody whose name begins so, e.g. `shipment:`. */
    forPrefix?: string | undefined;
    cursor?: string | undefined;
    limit: number;
  }): Promise<Page<CommitmentView>>;
  broken(): Promise<BrokenCommitment[]>;
  /** Places of ours where any of these items is. */
  placesOf(items: readonly string[]): Promise<string[]>;
  /** Streams of the books in which the commitment was made, whether it stands or not, as of everything the log has now. */
  booksOf(kind: 'allocation' | 'issue', id: string): Promise<string[]>;
  /** Streams of the books in which anything is promised to somebody, as of everything the log has now. */
  booksOfPromises(to: string): Promise<string[]>;
}

const HEAD_MS = 5_000;

const STOCK_ROWS = (s: string): string => `
SELECT l.id AS lot, l.item, l.lot_code, b.place, b.dimension, sum(b.value)::text AS value, min(b.party) AS party, d.dates, q.status AS quality,
  (SELECT json_agg(json_build_object('holdId', h.hold_id, 'reason', h.reason, 'owner', h.owner_id, 'since', h.event_time,
     'position', h.held_at) ORDER BY h.hold_id) FROM ${s}.holds h WHERE h.lot = l.id) AS holds
FROM ${s}.balances b JOIN ${s}.lots l ON l.owner = b.owner
LEFT JOIN ${s}.dates d ON d.id = l.id
LEFT JOIN ${s}.quality q ON q.lot = l.id
WHERE b.value > 0 AND b.place IS NOT NULL
  AND ($1::text IS NULL OR l.id = COALESCE((SELECT a.stands_for FROM ${s}.aliases a WHERE a.id = $1), $1))
  AND ($2::text IS NULL OR l.item = $2) AND ($3::text IS NULL OR b.place = $3)
  AND ($8::text IS NULL OR b.party = $8) AND ($9::boolean IS NULL OR (cardinality($10::text[]) = 0 OR b.party IS NULL OR b.party = ANY ($10)) = $9)
  AND ($11::text IS NULL OR ${STATUS(s, '(SELECT t.today FROM unnest($12::text[], $13::text[]) AS t (place, today) WHERE t.place = b.place)')} = $11)
  AND ($4::text IS NULL OR (l.id, b.place, b.dimension) > ($4, $5, $6))
GROUP BY l.id, l.item, l.lot_code, b.place, b.dimension, d.dates, q.status
ORDER BY l.id, b.place, b.dimension LIMIT $7`;

/** Where anything lies: what is expired there is a matter of the day it is there. */
const stockedPlaces = async (pool: Pool, tables: string): Promise<string[]> => {
  const { rows } = await pool.query<{ place: string }>(
    `SELECT DISTINCT place FROM ${tables}.balances WHERE value > 0 AND place IS NOT NULL`,
  );
  return rows.map(({ place }) => place);
};

const PLACES_OF = (s: string): string => `
SELECT DISTINCT b.place FROM ${s}.lots l JOIN ${s}.balances b ON b.owner = l.owner
WHERE l.item = ANY ($1) AND b.value > 0 AND b.place IS NOT NULL
  AND (cardinality($2::text[]) = 0 OR b.party IS NULL OR b.party = ANY ($2))`;

const HOLDS = (s: string): string => `
SELECT lot, hold_id, reason, owner_id, event_time, held_at FROM ${s}.holds
WHERE ($1::text IS NULL OR owner_id = $1) AND ($2::text IS NULL OR lot = $2) AND ($3::text IS NULL OR (lot, hold_id) > ($3, $4))
  AND ($5::text IS NULL OR starts_with(owner_id, $5))
ORDER BY lot, hold_id LIMIT $6`;

// An issue is confirmed where the record shows its act for every lot of it.
const COMMITMENTS = (s: string): string => `
SELECT c.kind, c.id, min(c.event_time) AS since, min(c.state->>'for') AS "for", max((c.state->>'attempt')::int) AS attempt,
  json_agg(json_build_object('lot', l.lot, 'place', l.place, 'dimension', l.dimension, 'value', l.value::text) ORDER BY l.lot, l.place) AS lines
FROM ${s}.commitments c JOIN ${s}.commitment_lines l USING (kind, id, stream)
LEFT JOIN ${s}.lots known ON known.id = l.lot
WHERE c.standing AND ($1::text IS NULL OR c.kind = $1) AND ($2::text IS NULL OR starts_with(c.id, $2))
  AND ($3::text IS NULL OR (c.kind, c.id) > ($3, $4))
  AND (c.kind = 'allocation' OR known.acts IS NULL OR NOT known.acts ? c.id)
  AND ($5::text IS NULL OR l.lot = $5) AND ($7::text IS NULL OR starts_with(c.state->>'for', $7))
GROUP BY c.kind, c.id ORDER BY c.kind, c.id LIMIT $6`;

const BROKEN = (s: string): string => `
WITH open AS (
  SELECT l.lot, l.place, l.dimension, sum(l.value) AS value, 
    json_agg(json_build_object('kind', l.kind, 'id', l.id, 'value', l.value::text, 'since', c.event_time)
      ORDER BY l.kind, l.id) AS commitments
  FROM ${s}.commitment_lines l JOIN ${s}.commitments c USING (kind, id, stream)
  LEFT JOIN ${s}.lots known ON known.id = l.lot
  WHERE c.standing AND (l.kind = 'allocation' OR known.acts IS NULL OR NOT known.acts ? l.id)
  GROUP BY l.lot, l.place, l.dimension
), there AS (
  SELECT k.id AS lot, b.place, b.dimension, sum(b.value) AS value
  FROM ${s}.balances b JOIN ${s}.lots k ON k.owner = b.owner
  WHERE k.id IN (SELECT lot FROM open) GROUP BY k.id, b.place, b.dimension
)
SELECT open.lot, open.place, open.dimension, open.value::text AS committed, COALESCE(there.value, 0)::text AS known, open.commitments
FROM open LEFT JOIN there USING (lot, place, dimension)
WHERE open.value > COALESCE(there.value, 0) ORDER BY open.lot, open.place, open.dimension`;

const BOOKS_OF = (s: string): string =>
  `SELECT stream FROM ${s}.commitments WHERE kind = $1 AND id = $2 ORDER BY stream`;

const BOOKS_OF_PROMISES = (s: string): string => `
SELECT DISTINCT stream FROM ${s}.commitments
WHERE kind = 'allocation' AND standing AND state->>'for' = $1 ORDER BY stream`;

interface StockSql {
  lot: string;
  item: string | null;
  lot_code: string | null;
  place: string;
  dimension: string;
  value: string;
  party: string | null;
  dates: LotDates | null;
  quality: string | null;
  holds: Omit<HoldView, 'lot'>[] | null;
}

const GRAVITY: readonly (readonly [code: string, status: StockStatus])[] = [
  ['lot-recalled', 'recalled'],
  ['lot-rejected', 'rejected'],
  ['lot-held', 'held'],
  ['lot-quarantined', 'quarantine'],
  ['lot-expired', 'expired'],
  ['lot-retest-due', 'retest-due'],
];

const stockRow = (row: StockSql, day: string, own: readonly string[]): StockRow => {
  const holds = row.holds ?? [];
  const dates = row.dates ?? {};
  const blocked = [
    ...(holds.some((h) => h.owner.startsWith(RECALL_OWNER)) ? ['lot-recalled'] : []),
    ...(row.quality === 'rejected' ? ['lot-rejected'] : []),
    ...(holds.some((h) => !h.owner.startsWith(RECALL_OWNER)) ? ['lot-held'] : []),
    ...(row.quality === 'quarantine' ? ['lot-quarantined'] : []),
    ...(isExpiredOn(dates, day) ? ['lot-expired'] : []),
    ...(isRetestDueOn(dates, day) ? ['lot-retest-due'] : []),
  ];
  const gravest = GRAVITY.find(([code]) => blocked.includes(code))?.[1];
  return {
    lot: row.lot,
    item: row.item,
    lotCode: row.lot_code,
    place: row.place,
    party: row.party,
    ours: own.length === 0 || row.party === null || own.includes(row.party),
    amount: amountOf(decimal(row.value), row.dimension),
    status: gravest ?? (row.quality === 'released' ? 'released' : 'unrestricted'),
    blocked,
    holds,
    dates,
  };
};

const page = <Row, T>(
  rows: readonly Row[],
  limit: number,
  view: (row: Row) => T,
  key: (row: Row) => readonly string[],
): Page<T> => {
  const { items, ...more } = pageOf(rows, limit, key);
  return { items: items.map(view), ...more };
};

export const createStockQueries = (deps: {
  pool: Pool;
  projections: Projections;
  log: Pick<EventLog, 'head'>;
  days: Pick<SiteDays, 'at'>;
  /** Canonical ids of the parties that are this organisation; none: all places are ours. */
  ownParties: readonly string[];
}): StockQueries => {
  const { pool, projections, log, days, ownParties } = deps;
  const schema = async (): Promise<string> => projections.schemaOf(STOCK);
  return {
    stock: async ({ lot, item, place, owner, ours, status, cursor, limit }) => {
      const states = await projections.states();
      const [afterLot, afterPlace, afterDimension] = cursorKey(cursor, 3);
      const tables = await schema();
      const asked = lot === undefined ? null : canonicalId(lot).id;
      const places = status === undefined ? [] : await stockedPlaces(pool, tables);
      const todayAt = await days.at(places);
      const { rows } = await pool.query<StockSql>(STOCK_ROWS(tables), [
        asked,
        item ?? null,
        place === undefined ? null : placeIdOf(place).id,
        afterLot,
        afterPlace,
        afterDimension,
        limit + 1,
        owner === undefined ? null : partyIdOf(owner).id,
        ours ?? null,
        ownParties,
        status ?? null,
        places,
        places.map(todayAt),
      ]);
      const parked = await parkedAbout(pool, tables, asked);
      const dayAt = await days.at(rows.map(({ place }) => place));
      return {
        complete: parked.length === 0,
        parked,
        position: states.find((state) => state.name === STOCK)?.position ?? '',
        ...page(
          rows,
          limit,
          (row) => stockRow(row, dayAt(row.place), ownParties),
          (row) => [row.lot, row.place, row.dimension],
        ),
      };
    },
    holds: async ({ owner, ownerPrefix, lot, cursor, limit }) => {
      const [afterLot, afterHold] = cursorKey(cursor, 2);
      const { rows } = await pool.query<{
        lot: string;
        hold_id: string;
        reason: string;
        owner_id: string;
        event_time: string;
        held_at: string;
      }>(HOLDS(await schema()), [
        owner ?? null,
        lot === undefined ? null : canonicalId(lot).id,
        afterLot,
        afterHold,
        ownerPrefix ?? null,
        limit + 1,
      ]);
      return page(
        rows,
        limit,
        (row) => ({
          lot: row.lot,
          holdId: row.hold_id,
          reason: row.reason,
          owner: row.owner_id,
          since: row.event_time,
          position: row.held_at,
        }),
        (row) => [row.lot, row.hold_id],
      );
    },
    commitments: async ({ kind, lot, prefix, forPrefix, cursor, limit }) => {
      const [afterKind, afterId] = cursorKey(cursor, 2);
      const { rows } = await pool.query<{
        kind: 'allocation' | 'issue';
        id: string;
        since: string;
        for: string | null;
        attempt: number | null;
        lines: { lot: string; place: string; dimension: string; value: string }[];
      }>(COMMITMENTS(await schema()), [
        kind ?? null,
        prefix ?? null,
        afterKind,
        afterId,
        lot === undefined ? null : canonicalId(lot).id,
        limit + 1,
        forPrefix ?? null,
      ]);
      return page(
        rows,
        limit,
        (row): CommitmentView => ({
          kind: row.kind,
          id: row.id,
          lines: row.lines.map((l) => ({
            lot: l.lot,
            place: l.place,
            amount: amountOf(decimal(l.value), l.dimension),
          })),
          ...(row.attempt !== null && { attempt: row.attempt }),
          ...(row.for !== null && { for: row.for }),
          since: row.since,
        }),
        (row) => [row.kind, row.id],
      );
    },
    broken: async () => {
      const { rows } = await pool.query<{
        lot: string;
        place: string;
        dimension: string;
        committed: string;
        known: string;
        commitments: { kind: string; id: string; value: string; since: string }[];
      }>(BROKEN(await schema()));
      return rows.map((row) => ({
        lot: row.lot,
        place: row.place,
        committed: amountOf(decimal(row.committed), row.dimension),
        known: amountOf(decimal(row.known), row.dimension),
        commitments: row.commitments.map(({ value, ...c }) => ({
          ...c,
          amount: amountOf(decimal(value), row.dimension),
        })),
      }));
    },
    placesOf: async (items) => {
      const { rows } = await pool.query<{ place: string }>(PLACES_OF(await schema()), [items, ownParties]);
      return rows.map(({ place }) => place);
    },
    booksOf: async (kind, id) => {
      await projections.waitFor(STOCK, await log.head(), HEAD_MS);
      const { rows } = await pool.query<{ stream: string }>(BOOKS_OF(await schema()), [kind, id]);
      return rows.map((row) => row.stream);
    },
    booksOfPromises: async (to) => {
      await projections.waitFor(STOCK, await log.head(), HEAD_MS);
      const { rows } = await pool.query<{ stream: string }>(BOOKS_OF_PROMISES(await schema()), [to]);
      return rows.map((row) => row.stream);
    },
  };
};
