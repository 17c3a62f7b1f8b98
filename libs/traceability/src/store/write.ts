import type { Affected } from './affected.js';
import type { DerivedLot } from './derive/derive.js';
import { replaceDiscrepancies } from './discrepancy-rows.js';
import { fold, type Node } from './fold.js';
import { deriveDates, replaceDating } from './output-dates.js';
import { replaceRows } from './replace.js';
import {
  ACCOUNTS,
  BALANCES,
  DATES,
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

const NAMES = (s: string): string => `SELECT node, id FROM ${s}.nodes WHERE node = ANY ($1::bigint[])`;

const one = <T>(row: T | undefined): readonly T[] => (row === undefined ? [] : [row]);

/**
 * Folds what is affected again and makes the derived rows equal to it, one statement a table. To be called in statements
 * after the one that locked: only then does the snapshot hold what other workers committed before.
 */
export const refold = async (
  client: Queryable,
  schema: string,
  affected: Affected,
  at: { position: string; recordTime: string },
): Promise<void> => {
  const { rows } = await client.query<Node>(NAMES(schema), [[...affected.things, ...affected.transformations]]);
  const ids = new Map(rows.map((row) => [row.node, row.id]));
  const nodes = (list: readonly string[]): Node[] => list.map((node) => ({ node, id: ids.get(node) ?? '' }));
  const folded = await fold(client, schema, nodes(affected.things), nodes(affected.transformations));

  // Every affected thing is an owner, also one that stands for nothing any more: its rows go.
  const perThing = <T>(rowsOf: (node: string) => readonly T[]): Map<string, readonly T[]> =>
    new Map(affected.things.map((node) => [node, rowsOf(node)]));
  const derived = (node: string): DerivedLot | undefined => {
    const lot = folded.lots.get(node)?.derived;
    return lot?.known ? lot : undefined;
  };
  await replaceRows(
    client,
    schema,
    LOTS,
    perThing((node) => one(derived(node)?.lot)),
  );
  await replaceRows(
    client,
    schema,
    LEDGER,
    perThing((node) => derived(node)?.ledger ?? []),
  );
  await replaceRows(
    client,
    schema,
    BALANCES,
    perThing((node) => derived(node)?.balances ?? []),
  );
  await replaceRows(
    client,
    schema,
    ACCOUNTS,
    perThing((node) => derived(node)?.accounts ?? []),
  );
  await replaceRows(
    client,
    schema,
    SHIPMENTS,
    perThing((node) => derived(node)?.shipments ?? []),
  );
  await replaceRows(
    client,
    schema,
    MOVES,
    perThing((node) => derived(node)?.moves ?? []),
  );
  await replaceRows(
    client,
    schema,
    FLOWS,
    perThing((node) => derived(node)?.flows ?? []),
  );
  await replaceRows(
    client,
    schema,
    MEMBERS,
    perThing((node) => derived(node)?.members ?? []),
  );
  await replaceRows(
    client,
    schema,
    STAYS,
    perThing((node) =>
      (derived(node)?.stays ?? []).map((stay) => ({ ...stay, from_time: stay.from, to_time: stay.to })),
    ),
  );
  await replaceRows(
    client,
    schema,
    UNIT_DEPARTURES,
    perThing((node) => derived(node)?.departures ?? []),
  );
  const discrepancies = new Map([
    ...perThing((node) => derived(node)?.discrepancies ?? []),
    ...[...folded.transformations].map(([node, list]) => [node, list.flatMap((t) => t.discrepancies)] as const),
  ]);
  await replaceDiscrepancies(client, schema, discrepancies, at);
  const changed = await replaceDating(
    client,
    schema,
    perThing((node) => one(derived(node)).map((lot) => ({ id: lot.lot.id, ...lot.dating }))),
  );
  if (affected.transformations.length > 0) {
    await replaceRows(
      client,
      schema,
      TRANSFORMATIONS,
      new Map(
        [...folded.transformations].map(([node, list]) => [node, list.map((t) => ({ ...t, event_time: t.eventTime }))]),
      ),
    );
    await replaceRows(
      client,
      schema,
      LEGS,
      new Map(
        [...folded.transformations].map(([node, list]) => [
          node,
          list.flatMap((t) => [
            ...[...new Set(t.inputs.map((leg) => leg.lot))].map((lot) => ({ lot, role: 'input', id: t.id })),
            ...[...new Set(t.outputs.map((leg) => leg.lot))].map((lot) => ({ lot, role: 'output', id: t.id })),
          ]),
        ]),
      ),
    );
  }
  const gone = affected.things.filter((node) => derived(node) === undefined);
  if (gone.length > 0) await replaceRows(client, schema, DATES, new Map(gone.map((node) => [node, []])));
  await deriveDates(client, schema, changed);
};
