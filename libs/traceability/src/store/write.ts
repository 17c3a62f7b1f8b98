import type { Affected } from './affected.js';
import { replaceDiscrepancies } from './discrepancy-rows.js';
import { fold, type Node } from './fold.js';
import { deriveDates, replaceDating } from './output-dates.js';
import { replaceRows } from './replace.js';
import { ACCOUNTS, BALANCES, CONSUMPTIONS, DATES, LEDGER, LEGS, LOTS, MEMBERS, MOVES, SHIPMENTS, STAYS, TRANSFORMATIONS } from './tables.js';
import type { Queryable } from './unnest.js';

const NAMES = (s: string): string => `SELECT node, id FROM ${s}.nodes WHERE node = ANY ($1::bigint[])`;

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
  const nodes = (list: readonly string[]): Node[] => list.map((node) => ({ node, id: ids.get(node) as string }));
  const folded = await fold(client, schema, nodes(affected.things), nodes(affected.transformations));

  // Every affected thing is an owner, also one that stands for nothing any more: its rows go.
  const perThing = <T>(rowsOf: (node: string) => readonly T[]): Map<string, readonly T[]> =>
    new Map(affected.things.map((node) => [node, rowsOf(node)]));
  const derived = (node: string) => folded.lots.get(node)?.derived;
  await replaceRows(client, schema, LOTS, perThing((node) => (folded.lots.has(node) ? [derived(node)?.lot ?? {}] : [])));
  await replaceRows(client, schema, LEDGER, perThing((node) => derived(node)?.ledger ?? []));
  await replaceRows(client, schema, BALANCES, perThing((node) => derived(node)?.balances ?? []));
  await replaceRows(client, schema, ACCOUNTS, perThing((node) => derived(node)?.accounts ?? []));
  await replaceRows(client, schema, SHIPMENTS, perThing((node) => derived(node)?.shipments ?? []));
  await replaceRows(client, schema, MOVES, perThing((node) => derived(node)?.moves ?? []));
  await replaceRows(client, schema, CONSUMPTIONS, perThing((node) => derived(node)?.consumptions ?? []));
  await replaceRows(client, schema, MEMBERS, perThing((node) => derived(node)?.members ?? []));
  await replaceRows(
    client,
    schema,
    STAYS,
    perThing((node) =>
      (derived(node)?.stays ?? []).map((stay) => ({ ...stay, from_time: stay.from, to_time: stay.to })),
    ),
  );
  await replaceDiscrepancies(client, schema, perThing((node) => derived(node)?.discrepancies ?? []), at);
  const changed = await replaceDating(
    client,
    schema,
    perThing((node) => {
      const lot = folded.lots.get(node);
      return lot === undefined ? [] : [{ id: lot.id, ...lot.derived.dating }];
    }),
  );
  if (affected.transformations.length > 0) {
    await replaceRows(
      client,
      schema,
      TRANSFORMATIONS,
      new Map([...folded.transformations].map(([node, list]) => [node, list.map((t) => ({ ...t, event_time: t.eventTime }))])),
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
  const gone = affected.things.filter((node) => !folded.lots.has(node));
  if (gone.length > 0) await replaceRows(client, schema, DATES, new Map(gone.map((node) => [node, []])));
  await deriveDates(client, schema, changed);
};
