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
  [DATING, ({ lot, dating }) => [{ id: lot.id, ...dating }]],
];

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

/**
 * Folds what is affected again and makes the derived rows equal to it. To be called in statements after the one that
 * locked: only then does the snapshot hold what other workers committed before.
 * @param at where in the log that became known; when.
 * @param fresh nodes of which nothing was derived yet.
 */
export const refold = async (
  client: Queryable,
  schema: string,
  affected: Affected,
  at: { position: string; recordTime: string },
  fresh: ReadonlySet<string>,
): Promise<void> => {
  const folded = await fold(client, schema, affected);
  // Every affected thing is an owner, also one that stands for nothing any more: its rows go.
  const lots = affected.things.map(({ node }): readonly [string, DerivedLot | undefined] => {
    const lot = folded.lots.get(node)?.derived;
    return [node, lot?.known === true ? lot : undefined];
  });
  const transformations = [...folded.transformations];
  const replacements: Replacement[] = [
    ...ROWS_OF_LOT.map(([table, rowsOf]) => ({
      table,
      rows: new Map(lots.map(([node, lot]) => [node, lot === undefined ? [] : rowsOf(lot)])),
    })),
    ...ROWS_OF_TRANSFORMATION.map(([table, rowsOf]) => ({
      table,
      rows: new Map(transformations.map(([node, list]) => [node, list.flatMap(rowsOf)])),
    })),
  ];
  const changed = await replaceRows(client, schema, replacements, fresh);
  await replaceDiscrepancies(
    client,
    schema,
    new Map([
      ...lots.map(([node, lot]) => [node, lot?.discrepancies ?? []] as const),
      ...transformations.map(([node, list]) => [node, list.flatMap((t) => t.discrepancies)] as const),
    ]),
    at,
    fresh,
  );
  await deriveDates(client, schema, {
    changed: new Set(changed.get(DATING.name)),
    folded: new Map(lots.flatMap(([node, lot]) => one(lot).map((l) => [node, { id: l.lot.id, ...l.dating }]))),
    gone: lots.flatMap(([node, lot]) => (lot === undefined && !fresh.has(node) ? [node] : [])),
  });
};
