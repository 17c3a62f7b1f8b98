import { cursorKey, type PageAt, pageOf } from '#platform';
import { readSnapshot, type ReadSnapshot } from '#projections';
import { parkedAbout, readMasterData } from '#traceability';
import type { Pool } from 'pg';
import { CONFIDENCE } from '../../domain/wilson-interval.js';
import { EXPIRY } from '../../read-model/expiry-projector.js';
import { type Row, type Scorecard, scorecardOf, scorecardsSql } from './scorecard.js';
import { type SuppliedFilter, unattributedSql } from './supplied.js';
import { type AsOf, suppliesAt, type SuppliesAt } from './supplies-at.js';

export interface SupplierScorecard extends Scorecard {
  supplier: { id: string; name: string | null };
}

export interface SupplierPage extends PageAt<SupplierScorecard> {
  /** Of the intervals. */
  confidence: number;
  /** Lots that came from outside the record, of which it does not say from whom: they count for nobody. */
  unattributed: number;
  /** False where an event could not be read: something may be missing. */
  complete: boolean;
}

export interface AskedSuppliers {
  filter: SuppliedFilter;
  asOf: AsOf;
  agreedDaysLeft?: number | undefined;
  cursor?: string | undefined;
  limit?: number | undefined;
}

/** Runs SQL that is put together with its parameters. */
export const run = async <T extends object>(
  { client }: Pick<ReadSnapshot, 'client'>,
  sql: (bind: (value: unknown) => string) => string,
): Promise<T[]> => {
  const parameters: unknown[] = [];
  const text = sql((value) => `$${parameters.push(value)}`);
  return (await client.query<T>(text, parameters)).rows;
};

/** Names of parties and items as they were known. */
export const namesOf = async (
  { client, schema }: ReadSnapshot,
  { cut }: SuppliesAt,
  wanted: { parties: readonly string[]; items?: readonly (string | null)[] },
): Promise<{ party(id: string): string | null; item(id: string | null): string | null }> => {
  const items = (wanted.items ?? []).filter((id) => id !== null);
  const known = await readMasterData(client, schema, { parties: new Set(wanted.parties), items: new Set(items) }, cut);
  return {
    party: (id) => known.party(id)?.name ?? null,
    item: (id) => (id === null ? null : (known.item(id)?.name ?? null)),
  };
};

/** The surest bad one first: by the lower bound of the share of defective lots. */
const sortKey = ({ defects, supplier }: SupplierScorecard): [string, string] => [
  (1 - defects.interval.low).toFixed(12),
  supplier.id,
];

/** Scorecards of all suppliers. @param at default: as they stand now. */
export const readScorecards = async (
  snapshot: ReadSnapshot,
  at: SuppliesAt,
  { filter, agreedDaysLeft }: Pick<AskedSuppliers, 'filter' | 'agreedDaysLeft'>,
): Promise<SupplierScorecard[]> => {
  const options = { byItem: false, agreedDaysLeft };
  const rows = await run<Row>(snapshot, (bind) => scorecardsSql(snapshot.schema, at, filter, options, bind));
  const names = await namesOf(snapshot, at, { parties: rows.map(({ supplier }) => supplier) });
  return rows.map((row) => ({
    supplier: { id: row.supplier, name: names.party(row.supplier) },
    ...scorecardOf(row, agreedDaysLeft),
  }));
};

/** What became of the lots of each supplier. */
export const viewSuppliers = (pool: Pool, asked: AskedSuppliers): Promise<SupplierPage> => {
  const limit = asked.limit ?? 100;
  const [after, supplier] = cursorKey(asked.cursor, 2);
  return readSnapshot(pool, EXPIRY, async (snapshot) => {
    const { client, schema, position } = snapshot;
    const at = await suppliesAt(snapshot, asked.asOf);
    const keyed = (await readScorecards(snapshot, at, asked))
      .map((card) => ({ card, key: sortKey(card) }))
      .sort((a, b) => compare(a.key, b.key))
      .filter(({ key }) => after == null || supplier == null || compare(key, [after, supplier]) > 0);
    const { items, ...page } = pageOf(keyed.slice(0, limit + 1), limit, ({ key }) => key);
    const [unattributed] = await run<{ lots: number }>(snapshot, (bind) => unattributedSql(at, asked.filter, bind));
    return {
      ...{ position, confidence: CONFIDENCE, unattributed: unattributed?.lots ?? 0 },
      complete: (await parkedAbout(client, schema, null)).length === 0,
      ...page,
      items: items.map(({ card }) => card),
    };
  });
};

const compare = ([a, x]: readonly [string, string], [b, y]: readonly [string, string]): number =>
  a < b ? -1 : a > b ? 1 : x < y ? -1 : x > y ? 1 : 0;
