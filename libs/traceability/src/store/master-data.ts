import type { RecordedEvent } from '#contracts';
import { PoisonEvent } from '#projections';
import { masterDataEntries, masterDataOf, type MasterDataEntry, type MasterDataState } from '../master-data/index.js';
import type { Cut } from './cut.js';
import { columnArrays, type Columns, type Queryable, unnestOf } from './unnest.js';

const COLUMNS: Columns = {
  kind: 'text',
  id: 'text',
  log_id: 'uuid',
  recorded_at: 'text',
  record_time: 'timestamptz',
  parent: 'text',
  entry: 'json',
};

const INSERT = (s: string): string => `
INSERT INTO ${s}.statements (${Object.keys(COLUMNS).join(', ')})
SELECT * FROM ${unnestOf(COLUMNS)} ON CONFLICT DO NOTHING RETURNING kind, id, log_id`;

/** What a GLN with extension is part of (`master-data.ts` has the rule). */
const AROUND = (id: string): string => `substring(${id} from '^(https://id\\.gs1\\.org/414/\\d{13})/254/')`;

/** Statements about these, and about the places around them. */
const READ = (s: string): string => `
WITH RECURSIVE wanted(kind, id) AS (
  SELECT kind COLLATE "C", id COLLATE "C" FROM unnest($1::text[], $2::text[]) AS v(kind, id)
  UNION
  SELECT 'place', up.id FROM wanted w CROSS JOIN LATERAL (
    SELECT m.parent FROM ${s}.statements m WHERE m.kind = 'place' AND m.id = w.id AND m.parent IS NOT NULL
    UNION ALL SELECT ${AROUND('w.id')}
  ) up(id) WHERE w.kind = 'place' AND up.id IS NOT NULL
)
SELECT m.entry, m.log_id FROM wanted JOIN ${s}.statements m USING (kind, id)
WHERE $3::text IS NULL OR m.recorded_at <= $3`;

/** Facts that name a changed place, a place within it, or a changed item. */
const FACTS_OF = (s: string): string => `
WITH RECURSIVE changed(kind, id) AS (
  SELECT kind COLLATE "C", id COLLATE "C" FROM unnest($1::text[], $2::text[]) AS v(kind, id)
  UNION
  SELECT 'place', down.id FROM changed c CROSS JOIN LATERAL (
    SELECT m.id FROM ${s}.statements m WHERE m.kind = 'place' AND m.parent = c.id
    UNION ALL SELECT n.id FROM ${s}.nodes n WHERE n.class = 'place' AND n.id > c.id || '/254/' AND n.id < c.id || '/2540'
  ) down(id) WHERE c.kind = 'place'
)
SELECT DISTINCT i.fact FROM changed c JOIN ${s}.nodes n ON n.id = c.id AND n.class = c.kind JOIN ${s}.incidence i USING (node)`;

interface Key {
  kind: MasterDataEntry['kind'];
  id: string;
}

const readEntries = async (
  client: Queryable,
  schema: string,
  keys: readonly Key[],
  cut: Cut = {},
): Promise<{ entry: MasterDataEntry; log_id: string }[]> =>
  keys.length === 0
    ? []
    : (
        await client.query<{ entry: MasterDataEntry; log_id: string }>(READ(schema), [
          keys.map((key) => key.kind),
          keys.map((key) => key.id),
          cut.position ?? null,
        ])
      ).rows;

/** What of an entry has a part in folding lots; names, time zones and costs have none. */
const meaning = (master: MasterDataState, { kind, id }: Key): string => {
  if (kind === 'party') return '';
  const stated = kind === 'place' ? master.place(id) : master.item(id);
  const {
    name: _,
    timeZone: __,
    cost: ___,
    baseUnit: ____,
    ...rest
  } = {
    ...{ name: '', timeZone: '', cost: undefined, baseUnit: '' },
    ...stated,
  };
  return JSON.stringify(Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1)));
};

/**
 * Records what events state of places, parties and items.
 * @returns facts whose meaning changed by it: those that name a place (or one within it) or an item that is now another.
 * @throws PoisonEvent where an event cannot be read.
 */
export const recordMasterData = async (
  client: Queryable,
  schema: string,
  events: readonly RecordedEvent[],
): Promise<string[]> => {
  const rows = events.flatMap((event) => {
    try {
      return masterDataEntries(event).map((entry) => ({
        kind: entry.kind,
        id: entry.value.id,
        log_id: event.id,
        recorded_at: event.position,
        record_time: event.recordTime,
        parent: entry.kind === 'place' ? entry.value.parent : undefined,
        entry,
      }));
    } catch (error) {
      throw new PoisonEvent(event, error);
    }
  });
  if (rows.length === 0) return [];
  const stated = (await client.query<Key & { log_id: string }>(INSERT(schema), columnArrays(COLUMNS, rows))).rows;
  if (stated.length === 0) return [];
  const fresh = new Set(stated.map((row) => row.log_id));
  const entries = await readEntries(client, schema, stated);
  const before = masterDataOf(entries.filter((row) => !fresh.has(row.log_id)).map((row) => row.entry));
  const after = masterDataOf(entries.map((row) => row.entry));
  const changed = stated.filter((key) => meaning(before, key) !== meaning(after, key));
  if (changed.length === 0) return [];
  const { rows: facts } = await client.query<{ fact: string }>(FACTS_OF(schema), [
    changed.map((key) => key.kind),
    changed.map((key) => key.id),
  ]);
  return facts.map((row) => row.fact);
};

/** Master data of these places (with all they are part of), items and parties, as it was known at the cut. */
export const readMasterData = async (
  client: Queryable,
  schema: string,
  wanted: { places?: Iterable<string>; items?: Iterable<string>; parties?: Iterable<string> },
  cut: Cut = {},
): Promise<MasterDataState> => {
  const keys: Key[] = [
    ...[...(wanted.places ?? [])].map((id): Key => ({ kind: 'place', id })),
    ...[...(wanted.items ?? [])].map((id): Key => ({ kind: 'item', id })),
    ...[...(wanted.parties ?? [])].map((id): Key => ({ kind: 'party', id })),
  ];
  return masterDataOf((await readEntries(client, schema, keys, cut)).map((row) => row.entry));
};
