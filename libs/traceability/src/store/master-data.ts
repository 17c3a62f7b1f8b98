import { contentHash, instant } from '#kernel';
import type { RecordedEvent } from '#contracts';
import { PoisonEvent } from '#projections';
import type { MasterData, Place } from '../happening.js';
import type { ItemEntry, MasterDataEntry, MasterDataOf, PartyEntry } from '../master-data/master-data.js';
import type { Cut } from './cut.js';
import { columnArrays, type Columns, type Queryable, unnestOf } from './unnest.js';

const STATEMENT_COLUMNS: Columns = {
  kind: 'text',
  id: 'text',
  log_id: 'uuid',
  recorded_at: 'text',
  record_time: 'timestamptz',
  stated_at: 'text',
  hash: 'text',
  value: 'json',
};

const INSERT_STATEMENTS = (s: string): string => `
INSERT INTO ${s}.statements (${Object.keys(STATEMENT_COLUMNS).join(', ')})
SELECT * FROM ${unnestOf(STATEMENT_COLUMNS)} ON CONFLICT DO NOTHING RETURNING kind, id`;

// In the order of the fold: what was stated later wins, whenever it arrived; ties go by content.
const READ_STATEMENTS = (s: string): string => `
SELECT s.kind, s.id, s.value FROM ${s}.statements s
JOIN unnest($1::text[], $2::text[]) AS v(kind, id) ON v.kind = s.kind AND v.id = s.id
ORDER BY s.kind, s.id, s.stated_at, s.hash`;

const UPSERT_MASTER = (s: string): string => `
INSERT INTO ${s}.master AS m (kind, id, value, parent)
SELECT * FROM ${unnestOf({ kind: 'text', id: 'text', value: 'json', parent: 'text' })}
ON CONFLICT (kind, id) DO UPDATE SET value = EXCLUDED.value, parent = EXCLUDED.parent
WHERE m.value::text <> EXCLUDED.value::text
RETURNING kind, id`;

/** Facts that name a changed place, a place within it, or a changed item. */
const FACTS_OF = (s: string): string => `
WITH RECURSIVE changed(kind, id) AS (
  SELECT * FROM unnest($1::text[], $2::text[])
  UNION
  SELECT 'place', m.id FROM changed c JOIN ${s}.master m ON m.kind = 'place' AND m.parent = c.id WHERE c.kind = 'place'
)
SELECT DISTINCT i.fact FROM changed c JOIN ${s}.nodes n ON n.id = c.id AND n.class = c.kind JOIN ${s}.incidence i USING (node)`;

const READ_MASTER = (s: string): string => `
WITH RECURSIVE wanted(kind, id) AS (
  SELECT * FROM unnest($1::text[], $2::text[])
  UNION
  SELECT 'place', m.parent FROM wanted w JOIN ${s}.master m USING (kind, id) WHERE w.kind = 'place' AND m.parent IS NOT NULL
)
SELECT m.kind, m.id, m.value FROM wanted JOIN ${s}.master m USING (kind, id)`;

const READ_MASTER_AS_OF = (s: string): string => `
SELECT kind, id, value FROM ${s}.statements WHERE recorded_at <= $1 ORDER BY kind, id, stated_at, hash`;

type Entry = Place | PartyEntry | ItemEntry;

/** Member by member; a later statement that is silent about a member leaves it. */
const merge = (earlier: Entry | undefined, later: Entry): Entry => ({
  ...earlier,
  ...(Object.fromEntries(Object.entries(later).filter(([, v]) => v !== undefined && v !== null)) as unknown as Entry),
});

const sorted = (value: object): object =>
  Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));

/** Master data over what was read. Nothing is asked of the database any more. */
export const masterDataOver = (rows: readonly { kind: string; id: string; value: Entry }[]): MasterData => {
  const entries = new Map<string, Entry>();
  for (const { kind, id, value } of rows) entries.set(`${kind} ${id}`, merge(entries.get(`${kind} ${id}`), value));
  return {
    place: (id) => entries.get(`place ${id}`) as Place | undefined,
    party: (id) => entries.get(`party ${id}`) as PartyEntry | undefined,
    item: (id) => entries.get(`item ${id}`) as ItemEntry | undefined,
  };
};

/**
 * Records what events state of places, parties and items, and folds it independently of arrival.
 * @returns facts whose meaning may have changed: those that name a place or an item whose entry is now another.
 * @throws PoisonEvent where an event cannot be read.
 */
export const recordMasterData = async (
  client: Queryable,
  schema: string,
  events: readonly RecordedEvent[],
  masterDataOf: MasterDataOf,
): Promise<string[]> => {
  const rows = events.flatMap((event) => {
    let entries: MasterDataEntry[];
    try {
      entries = masterDataOf(event);
    } catch (error) {
      throw new PoisonEvent(event, error);
    }
    return entries.map((entry) => ({
      kind: entry.kind,
      id: entry.id,
      log_id: event.id,
      recorded_at: event.position,
      record_time: event.recordTime,
      stated_at: instant(event.eventTime)?.key ?? '',
      hash: contentHash(entry.value),
      value: entry.value,
    }));
  });
  if (rows.length === 0) return [];
  const stated = await client.query<{ kind: string; id: string }>(
    INSERT_STATEMENTS(schema),
    columnArrays(STATEMENT_COLUMNS, rows),
  );
  if (stated.rows.length === 0) return [];
  const keys = [stated.rows.map((r) => r.kind), stated.rows.map((r) => r.id)];
  const statements = await client.query<{ kind: string; id: string; value: Entry }>(READ_STATEMENTS(schema), keys);
  const folded = new Map<string, { kind: string; id: string; value: Entry }>();
  for (const row of statements.rows) {
    const key = `${row.kind} ${row.id}`;
    folded.set(key, { ...row, value: merge(folded.get(key)?.value, row.value) });
  }
  const entries = [...folded.values()].map((e) => ({
    kind: e.kind,
    id: e.id,
    value: sorted(e.value),
    parent: e.kind === 'place' ? ((e.value as Place).parent ?? null) : null,
  }));
  const changed = await client.query<{ kind: string; id: string }>(
    UPSERT_MASTER(schema),
    columnArrays({ kind: 'text', id: 'text', value: 'json', parent: 'text' }, entries),
  );
  const { rows: facts } = await client.query<{ fact: string }>(FACTS_OF(schema), [
    changed.rows.map((r) => r.kind),
    changed.rows.map((r) => r.id),
  ]);
  return facts.map((row) => row.fact);
};

/** Entries of these places (with all they are part of), parties and items; of everything, as it was known, at a cut. */
export const readMasterData = async (
  client: Queryable,
  schema: string,
  wanted: { places: Iterable<string>; parties?: Iterable<string>; items: Iterable<string> },
  cut: Cut | undefined,
): Promise<MasterData> => {
  if (cut?.position !== undefined) {
    const { rows } = await client.query<{ kind: string; id: string; value: Entry }>(READ_MASTER_AS_OF(schema), [
      cut.position,
    ]);
    return masterDataOver(rows);
  }
  const keys = [
    ...[...wanted.places].map((id) => ['place', id]),
    ...[...(wanted.parties ?? [])].map((id) => ['party', id]),
    ...[...wanted.items].map((id) => ['item', id]),
  ];
  const { rows } = await client.query<{ kind: string; id: string; value: Entry }>(READ_MASTER(schema), [
    keys.map(([kind]) => kind),
    keys.map(([, id]) => id),
  ]);
  return masterDataOver(rows);
};
