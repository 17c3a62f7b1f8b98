import { createHash, type Hash } from 'node:crypto';
import { canonicalJson } from '#kernel';
import type { ProjectionContext, Projector } from '../port.js';

export interface TableDigest {
  table: string;
  rows: number;
  /** SHA-256 over the rows in their canonical order. */
  checksum: string;
}

export interface Difference {
  table: string;
  /** Place of the row in the canonical order, from 0. */
  row: number;
  /** Absent where only the new build has such a row. */
  before?: unknown;
  /** Absent where only the old build has it. */
  after?: unknown;
}

export interface Side {
  projector: Projector;
  context: ProjectionContext;
}

/** What differs in a table is shown by its first so many rows. */
const SHOWN = 5;

interface ExportedRow {
  table: string;
  index: number;
  text: string;
}

/** Dates and the like become what they are in JSON before the keys are sorted. */
const textOf = (row: unknown): string => canonicalJson(JSON.parse(JSON.stringify(row)));

/** The model's own rows, then which events it goes without. */
async function* rowsOf({ projector, context }: Side): AsyncGenerator<ExportedRow> {
  const counts = new Map<string, number>();
  const next = (table: string, row: unknown): ExportedRow => {
    const index = counts.get(table) ?? 0;
    counts.set(table, index + 1);
    return { table, index, text: textOf(row) };
  };
  for await (const { table, row } of projector.export(context)) yield next(table, row);
  const { rows } = await context.client.query(
    'SELECT event_id, status FROM projections.parked WHERE schema = $1 ORDER BY event_id',
    [context.schema],
  );
  for (const row of rows) yield next('(parked)', row);
}

export const digestOf = async (side: Side): Promise<TableDigest[]> => {
  const tables = new Map<string, { rows: number; hash: Hash }>();
  for await (const { table, text } of rowsOf(side)) {
    const digest = tables.get(table) ?? { rows: 0, hash: createHash('sha256') };
    digest.rows += 1;
    digest.hash.update(text).update('\n');
    tables.set(table, digest);
  }
  return [...tables]
    .map(([table, { rows, hash }]) => ({ table, rows, checksum: hash.digest('hex') }))
    .sort((a, b) => (a.table < b.table ? -1 : 1));
};

export const isEqual = (before: readonly TableDigest[], after: readonly TableDigest[]): boolean =>
  canonicalJson(before) === canonicalJson(after);

const shortHash = (text: string): number => createHash('sha256').update(text).digest().readUIntBE(0, 6);

/**
 * The first rows of each table that differ, row by row in canonical order. Reads one side after the other (and the first
 * once more), as both share one connection; holds six bytes a row.
 */
export const differencesOf = async (before: Side, after: Side): Promise<Difference[]> => {
  const hashes = new Map<string, number[]>();
  for await (const { table, text } of rowsOf(before)) {
    const list = hashes.get(table) ?? [];
    list.push(shortHash(text));
    hashes.set(table, list);
  }
  const found = new Map<string, Map<number, Difference>>();
  const note = (table: string, row: number, part: Partial<Difference>): void => {
    const shown = found.get(table) ?? new Map<number, Difference>();
    found.set(table, shown);
    if (shown.size < SHOWN || shown.has(row)) shown.set(row, { table, row, ...shown.get(row), ...part });
  };
  const seen = new Map<string, number>();
  for await (const { table, index, text } of rowsOf(after)) {
    seen.set(table, index + 1);
    if (hashes.get(table)?.[index] !== shortHash(text)) note(table, index, { after: JSON.parse(text) as unknown });
  }
  for (const [table, list] of hashes)
    for (let row = seen.get(table) ?? 0; row < list.length && row < (seen.get(table) ?? 0) + SHOWN; row++)
      note(table, row, {});
  for await (const { table, index, text } of rowsOf(before))
    if (found.get(table)?.has(index)) note(table, index, { before: JSON.parse(text) as unknown });
  return [...found.values()].flatMap((rows) => [...rows.values()]);
};
