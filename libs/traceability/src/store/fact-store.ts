import type { RecordedEvent } from '#contracts';
import { interpret, interpretedTypes } from '../interpret/index.js';
import { masterDataTypes } from '../master-data/index.js';
import { lockAffected, lockModel } from './affected.js';
import { recordAliases } from './aliases.js';
import { exportRows } from './export.js';
import { type Fact, factOf } from './fact.js';
import { markParked } from './parked.js';
import { recordFacts } from './record.js';
import { recordMasterData } from './master-data.js';
import { createStoreTables } from './schema.js';
import { createDerivedTable } from './replace.js';
import type { Queryable } from './unnest.js';
import { type LotTable, refold } from './write.js';

/** Whether it changes what other facts mean, whomever those name. */
const isStructural = (fact: Fact): boolean =>
  fact.voids.length > 0 || fact.happenings.some((h) => h.alias !== undefined);

/**
 * Applies events inside the caller's transaction (READ COMMITTED): stores the facts, locks what they affect, and in later
 * statements folds that again. Derived rows are a pure function of the set of facts: any order of arrival, any division
 * into batches or over workers, and duplicates give the same.
 * @returns owners of the lots, serials, units and pools that were folded again; they are locked until the transaction ends.
 * @throws PoisonEvent naming the one event that cannot be read. A deadlock (40P01) is retried by the caller.
 */
const applyEvents = async (
  client: Queryable,
  { schema, also = [] }: FactStoreOptions,
  events: readonly RecordedEvent[],
): Promise<string[]> => {
  const last = events.at(-1);
  if (last === undefined) return [];
  const facts = events.flatMap((event) => factOf(event, interpret) ?? []);
  const master = events.filter((event) => masterDataTypes.includes(event.type));
  const structural = facts.some(isStructural);
  await lockModel(client, schema, structural || master.length > 0);
  const reread = await recordMasterData(client, schema, master);
  const recorded = await recordFacts(client, schema, facts);
  const renamed = structural && recorded.facts.length > 0 ? await recordAliases(client, schema, recorded.facts) : [];
  const touched = [...new Set([...reread, ...recorded.facts, ...renamed])];
  if (touched.length === 0) return [];
  const affected = await lockAffected(client, schema, touched);
  await refold(client, schema, affected, last, recorded.fresh, also);
  return affected.things.map(({ node }) => node);
};

/** Event types that a model on this store wants, with the newest version that it understands. */
export const factStoreHandles: ReadonlyMap<string, number> = new Map(
  [...interpretedTypes, ...masterDataTypes].map((type) => [type, 1]),
);

/** The facts and what is folded from them, in one schema: each read model that needs them keeps its own. */
export interface FactStore {
  createSchema(client: Queryable): Promise<void>;
  /** @returns owners that were folded again, locked. */
  apply(client: Queryable, events: readonly RecordedEvent[]): Promise<string[]>;
  markParked(client: Queryable, events: readonly RecordedEvent[], parked: boolean): Promise<void>;
  /** See `exportRows`; without the caller's own tables. */
  export(client: Queryable): AsyncIterable<{ table: string; row: unknown }>;
}

export interface FactStoreOptions {
  /** Quoted-safe name of the schema that has its tables. */
  schema: string;
  /** Tables of the caller's own, kept with the store's; always the same for one schema. */
  also?: readonly LotTable[];
}

export const createFactStore = ({ schema, also = [] }: FactStoreOptions): FactStore => ({
  createSchema: async (client) => {
    await createStoreTables(client, schema);
    for (const { table } of also) await client.query(createDerivedTable(schema, table));
  },
  apply: (client, events) => applyEvents(client, { schema, also }, events),
  markParked: (client, events, parked) => markParked(client, schema, events, parked),
  export: (client) => exportRows(client, schema),
});
