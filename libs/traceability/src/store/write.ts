import { setImmediate as immediate } from 'node:timers/promises';
import type { Affected } from './affected.js';
import type { DerivedLot, DerivedTransformation } from './derive/derive.js';
import { replaceDiscrepancies } from './discrepancy-rows.js';
import { fold } from './fold.js';
import { deriveDates } from './output-dates.js';
import { replaceRows, type DerivedTable, type Replacement } from './replace.js';
import {
  ACCOUNTS,
  BALANCES,
  DATING,
  FLOWS,
  LEDGER,
  LEGS,
  LOTS,
  MEMBERS,
  MOVES,
  SHIPMENTS,
  STAYS,
  TRANSFORMATIONS,
  UNIT_DEPARTURES,
} from './tables.js';
import type { Queryable } from './unnest.js';

const one = <T>(row: T | undefined): readonly T[] => (row === undefined ? [] : [row]);

/** The rows of a lot, by table. */
const ROWS_OF_LOT: readonly [DerivedTable, (lot: DerivedLot) => readonly object[]][] = [
  [LOTS, ({ lot }) => [lot]],
  [LEDGER, ({ ledger }) => ledger],
  [BALANCES, ({ balances }) => balances],
  [ACCOUNTS, ({ accounts }) => accounts],
  [SHIPMENTS, ({ shipments }) => shipments],
  [MOVES, ({ moves }) => moves],
  [FLOWS, ({ flows }) => flows],
  [MEMBERS, ({ members }) => members],
  [STAYS, ({ stays }) => stays.map((stay) => ({ ...stay, from_time: stay.from, to_time: stay.to }))],
  [UNIT_DEPARTURES, ({ departures }) => departures],
  [DATING, ({ lot, dating }) => [{ id: lot.id, ...dating, classes: dating.of }]],
];

/**
 * A table of a read model's own that holds rows of each lot beside the store's. Derived in the same fold and written under the
 * same locks, it converges as they do.
 */
export interface LotTable {
  table: DerivedTable;
  /** A pure function of the lot; of serials, units and pools too. */
  rows: (lot: DerivedLot) => readonly object[];
}

const ROWS_OF_TRANSFORMATION: readonly [DerivedTable, (t: DerivedTransformation) => readonly object[]][] = [
  [TRANSFORMATIONS, (t) => [{ ...t, event_time: t.eventTime }]],
  [
    LEGS,
    (t) => [
      ...[...new Set(t.inputs.map((leg) => leg.lot))].map((lot) => ({ lot, role: 'input', id: t.id })),
      ...[...new Set(t.outputs.map((leg) => leg.lot))].map((lot) => ({ lot, role: 'output', id: t.id })),
    ],
  ],
];

/** Lots folded before their rows are sent: the server writes them while the next are folded. */
const AT_ONCE = 250;

const slicesOf = <T>(list: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(list.length / AT_ONCE) }, (_, i) => list.slice(i * AT_ONCE, (i + 1) * AT_ONCE));

const rowsOf = <T>(
  of: readonly (readonly [DerivedTable, (derived: T) => readonly object[]])[],
  owners: readonly (readonly [node: string, derived: readonly T[]])[],
): Replacement[] =>
  of.map(([table, rows]) => ({
    table,
    rows: new Map(owners.map(([node, derived]) => [node, derived.flatMap((one) => rows(one))])),
  }));

/** Ends when all have ended, so that none runs on in a transaction that was given up. */
const allOf = async <T>(running: readonly Promise<T>[]): Promise<T[]> => {
  await Promise.allSettled(running);
  return Promise.all(running);
};

/**
 * Folds what is affected again and makes the derived rows equal to it. To be called in statements after the one that
 * locked: only then does the snapshot hold what other workers committed before.
 * @param at where in the log that became known; when.
 * @param fresh nodes of which nothing was derived yet.
 * @param also tables that are kept besides.
 */
export const refold = async (
  client: Queryable,
  schema: string,
  affected: Affected,
  at: { position: string; recordTime: string },
  fresh: ReadonlySet<string>,
  also: readonly LotTable[] = [],
): Promise<void> => {
  const ofLot = [...ROWS_OF_LOT, ...also.map(({ table, rows }) => [table, rows] as const)];
  const folded = await fold(client, schema, affected);
  const transformations = affected.transformations.map(({ node, id }) => [node, folded.transformations(id)] as const);
  const lots: (readonly [node: string, derived: readonly DerivedLot[]])[] = [];
  const writing = [replaceRows(client, schema, rowsOf(ROWS_OF_TRANSFORMATION, transformations), { fresh })];
  for (const slice of slicesOf(affected.things)) {
    // Every affected thing is an owner, also one that stands for nothing any more: its rows go.
    const derived = slice.map(({ node, id }) => [node, one(folded.lot(id)).filter((lot) => lot.known)] as const);
    lots.push(...derived);
    const write = replaceRows(client, schema, rowsOf(ofLot, derived), { fresh, changed: DATING });
    writing.push(write);
    // Answers are read, and what waits is sent, between turns only. A failure is told at the end.
    write.catch(() => undefined);
    await immediate();
  }
  const changed = await allOf(writing);
  await replaceDiscrepancies(
    client,
    schema,
    new Map([
      ...lots.map(([node, of]) => [node, of.flatMap((lot) => lot.discrepancies)] as const),
      ...transformations.map(([node, of]) => [node, of.flatMap((t) => t.discrepancies)] as const),
    ]),
    at,
    fresh,
  );
  await deriveDates(client, schema, {
    changed: new Set(changed.flat()),
    folded: new Map(lots.flatMap(([node, of]) => of.map((l) => [node, { id: l.lot.id, ...l.dating }] as const))),
    gone: lots.flatMap(([node, of]) => (of.length === 0 && !fresh.has(node) ? [node] : [])),
  });
};
