import { instant, LotlineError } from '#kernel';
import type { ReadSnapshot } from '#projections';
import {
  ALIAS_FACTS,
  type Aliases,
  columnArrays,
  foldLotsAt,
  positionAt,
  readAliasesAt,
  type StoreCut,
} from '#traceability';
import { type Supply, suppliesOf } from '../../domain/supplies.js';
import { SUPPLIES } from '../../read-model/supplies-table.js';

/** Both clocks: what was known at a log position or record time, and what had happened by an event time. */
export interface AsOf {
  position?: string | undefined;
  /** ISO 8601, record time. */
  recordTime?: string | undefined;
  /** ISO 8601, event time. */
  eventTimeTo?: string | undefined;
}

/**
 * What a pass over all rows needs to stay in memory. Compiling the expressions of such a statement takes longer than running it.
 */
const FOR_PASSES = `SELECT set_config('work_mem', '64MB', true), set_config('jit', 'off', true)`;

/** Adds a parameter and gives the text that stands for it. */
export type Bind = (value: unknown) => string;

/** Where rows come from at a moment: SQL of a SELECT of `columns` of `supplies`; `owner` tells lots apart. */
export interface SuppliesAt {
  cut: StoreCut;
  rows: (columns: readonly string[], bind: Bind) => string;
  /** A table of aliases (`id`, `stands_for`). */
  aliases: (bind: Bind) => string;
}

const LAST_MARKED = (s: string): string =>
  `SELECT max(recorded_at) AS at FROM ${s}.recall_marks WHERE record_time <= $1`;

/** The two bounds of `supplies_known` and the times of its events say whether a row has changed since. */
const UNCHANGED = `($1::text IS NULL OR k.touched <= $1) AND ($2::text IS NULL OR u.last_event <= $2)`;
const UNKNOWN = `($1::text IS NOT NULL AND k.since > $1) OR ($2::text IS NOT NULL AND u.first_event > $2)`;

/**
 * Lots that may have had other rows then: those that were known and have changed since, those that have none any more, those
 * named by what was voided since, and those that go by another name since.
 */
const CHANGED = (s: string): string => `
SELECT u.lot AS id FROM ${s}.supplies u JOIN ${s}.supplies_known k USING (owner)
WHERE NOT coalesce(${UNCHANGED}, false) AND NOT coalesce(${UNKNOWN}, false)
UNION
SELECT n.id FROM ${s}.supplies_known k JOIN ${s}.nodes n ON n.node = k.owner
WHERE k.since <= $1 AND k.touched > $1 AND NOT EXISTS (SELECT FROM ${s}.supplies u WHERE u.owner = k.owner)
UNION
SELECT n.id FROM ${s}.facts f JOIN ${s}.incidence i USING (fact) JOIN ${s}.nodes n USING (node)
WHERE n.class = 'thing' AND f.voided_at > $1 AND f.recorded_at <= $1
UNION
SELECT n.id FROM ${s}.facts f JOIN ${s}.incidence i USING (fact) JOIN ${s}.nodes n USING (node)
WHERE n.class = 'thing' AND ${ALIAS_FACTS} AND (f.recorded_at > $1 OR f.time_key > $2)`;

/** A row folded anew, with a number of its lot that no row of the model has: from `NO_OWNER` down. */
type Earlier = Supply & { owner: number };
const NO_OWNER = -1;
const FOLDED = { owner: 'bigint', ...SUPPLIES.columns } as const;

/** Lots folded at once: what is in memory of them at one time. */
const AT_ONCE = 500;

const cutOf = async ({ client, schema, position }: ReadSnapshot, asOf: AsOf): Promise<StoreCut> => {
  if (asOf.position !== undefined && asOf.position > position)
    throw new LotlineError('behind', 'read-model-behind', `expiry has not reached ${asOf.position}`, [], {
      ...{ position, retryAfter: 1 },
    });
  const eventTimeTo = asOf.eventTimeTo === undefined ? undefined : instant(asOf.eventTimeTo)?.key;
  let at = asOf.position;
  if (asOf.recordTime !== undefined) {
    const [marked] = (await client.query<{ at: string | null }>(LAST_MARKED(schema), [asOf.recordTime])).rows;
    at = [await positionAt(client, schema, asOf.recordTime), marked?.at ?? ''].sort()[1];
  }
  return { ...(at !== undefined && { position: at }), ...(eventTimeTo !== undefined && { eventTimeTo }) };
};

const list = (columns: readonly string[], of: string): string => columns.map((column) => `${of}.${column}`).join(', ');

const present =
  (schema: string): SuppliesAt['rows'] =>
  (columns) =>
    `SELECT ${list(columns, 'u')} FROM ${schema}.supplies u`;

/** Rows as they are, of lots that have not changed since, and rows folded anew of those that have. */
const earlier =
  (schema: string, cut: StoreCut, lots: readonly string[], folded: readonly Earlier[]): SuppliesAt['rows'] =>
  (columns, bind) => {
    const [position, time] = [bind(cut.position ?? null), bind(cut.eventTimeTo ?? null)];
    const unchanged = UNCHANGED.replaceAll('$1', position).replaceAll('$2', time);
    const types = Object.values(FOLDED);
    const arrays = columnArrays(FOLDED, folded).map((values, i) => `${bind(values)}::${types[i]}[]`);
    return `SELECT ${list(columns, 'u')} FROM ${schema}.supplies u JOIN ${schema}.supplies_known k USING (owner)
      WHERE ${unchanged} AND u.lot <> ALL (${bind(lots)}::text[])
      UNION ALL SELECT ${list(columns, 'x')} FROM unnest(${arrays.join(', ')}) AS x(${Object.keys(FOLDED).join(', ')})`;
  };

const aliasesThen = (aliases: Aliases, bind: Bind): string => {
  const [ids, standing] = [bind([...aliases.keys()]), bind([...aliases.values()])];
  return `(SELECT * FROM unnest(${ids}::text[], ${standing}::text[]) AS t(id, stands_for))`;
};

/**
 * Supplies as of a moment of either clock. Lots that have not changed since are read as they stand; only the others are
 * folded again from their facts, so that a question about the end of last month costs little.
 */
export const suppliesAt = async (snapshot: ReadSnapshot, asOf: AsOf, atOnce = AT_ONCE): Promise<SuppliesAt> => {
  const { client, schema } = snapshot;
  await client.query(FOR_PASSES);
  const cut = await cutOf(snapshot, asOf);
  if (cut.position === undefined && cut.eventTimeTo === undefined)
    return { cut, rows: present(schema), aliases: () => `${schema}.aliases` };
  const { rows } = await client.query<{ id: string }>(CHANGED(schema), [cut.position ?? null, cut.eventTimeTo ?? null]);
  const ids = rows.map(({ id }) => id);
  const aliases = await readAliasesAt(client, schema, cut);
  const folded = new Map<string, Earlier[]>();
  for (let from = 0; from < ids.length; from += atOnce)
    for (const lot of await foldLotsAt(client, schema, ids.slice(from, from + atOnce), cut, aliases))
      // A lot of several names comes with each of them.
      if (!folded.has(lot.lot.id)) {
        const owner = NO_OWNER - folded.size;
        folded.set(
          lot.lot.id,
          suppliesOf(lot).map((row) => ({ ...row, owner })),
        );
      }
  const lots = [...new Set([...ids, ...folded.keys()])];
  return {
    cut,
    rows: earlier(schema, cut, lots, [...folded.values()].flat()),
    aliases: (bind) => aliasesThen(aliases, bind),
  };
};
