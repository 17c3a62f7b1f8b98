import type { Fact, Mention } from './fact.js';
import { columnArrays, type Columns, type Queryable, unnestOf } from './unnest.js';

const FACT_COLUMNS: Columns = {
  log_id: 'uuid',
  event_id: 'text',
  declaration: 'boolean',
  type: 'text',
  recorded_at: 'text',
  record_time: 'timestamptz',
  time_key: 'text',
  happenings: 'json',
};

const INSERT_FACTS = (s: string): string => `
INSERT INTO ${s}.facts (${Object.keys(FACT_COLUMNS).join(', ')})
SELECT * FROM ${unnestOf(FACT_COLUMNS)}
ON CONFLICT (log_id) DO NOTHING
RETURNING fact, log_id`;

const NODE_COLUMNS: Columns = { class: 'text', id: 'text', rank: 'integer' };

// New nodes are inserted in the order in which they are locked, so that two workers who meet here wait instead of
// deadlocking. Known ones are left out first: a conflict would burn a number of the sequence each time.
const INSERT_NODES = (s: string): string => `
INSERT INTO ${s}.nodes (class, id, rank)
SELECT v.class, v.id, v.rank FROM ${unnestOf(NODE_COLUMNS)}
WHERE NOT EXISTS (SELECT FROM ${s}.nodes n WHERE n.id = v.id AND n.class = v.class)
ORDER BY v.rank, v.id
ON CONFLICT (id, class) DO NOTHING`;

// A later statement, so that it also sees what another worker inserted while ours waited.
const FIND_NODES = (s: string): string => `
SELECT n.node, n.class, n.id FROM unnest($1::text[], $2::text[]) AS v(class, id)
JOIN ${s}.nodes n ON n.id = v.id AND n.class = v.class`;

const INCIDENCE_COLUMNS: Columns = {
  node: 'bigint',
  fact: 'bigint',
  commands: 'boolean',
  dates: 'boolean',
  enters: 'boolean',
  leaves: 'boolean',
};

const INSERT_INCIDENCE = (s: string): string => `
INSERT INTO ${s}.incidence (${Object.keys(INCIDENCE_COLUMNS).join(', ')}) SELECT * FROM ${unnestOf(INCIDENCE_COLUMNS)} ON CONFLICT DO NOTHING`;

const INSERT_PAIRS = (table: string, [a, b]: readonly [string, string]): string => `
INSERT INTO ${table} (${a}, ${b}) SELECT * FROM unnest($1::bigint[], $2::bigint[]) ON CONFLICT DO NOTHING`;

const INSERT_VOIDINGS = (s: string): string => `
INSERT INTO ${s}.voidings (event_id, log_id, recorded_at)
SELECT * FROM ${unnestOf({ event_id: 'text', log_id: 'uuid', recorded_at: 'text' })} ON CONFLICT DO NOTHING`;

/** It does not matter which came first: from the voiding's position on the fact does not count, and never before its own. */
const MARK_VOIDED = (s: string): string => `
UPDATE ${s}.facts f SET voided_at = v.recorded_at
FROM (SELECT event_id, min(recorded_at) AS recorded_at FROM ${s}.voidings WHERE event_id = ANY ($1::text[]) GROUP BY event_id) v
WHERE f.event_id = v.event_id AND NOT f.declaration AND f.voided_at IS DISTINCT FROM v.recorded_at
RETURNING f.fact`;

const pairs = async (
  client: Queryable,
  table: string,
  columns: readonly [string, string],
  rows: readonly (readonly [string, string])[],
): Promise<void> => {
  if (rows.length === 0) return;
  await client.query(INSERT_PAIRS(table, columns), [rows.map(([a]) => a), rows.map(([, b]) => b)]);
};

const distinctMentions = (facts: readonly Fact[]): Mention[] => {
  const found = new Map<string, Mention>();
  for (const fact of facts)
    for (const mention of fact.mentions) {
      const key = `${mention.class} ${mention.id}`;
      const known = found.get(key);
      if (known === undefined || known.rank > mention.rank) found.set(key, mention);
    }
  return [...found.values()];
};

/**
 * Stores facts and whom they name, each once whatever their number and however often they come: one statement a table.
 * @returns facts (by internal number) that came or were voided now; [] where all of it was known.
 */
export const recordFacts = async (client: Queryable, schema: string, facts: readonly Fact[]): Promise<string[]> => {
  const inserted = await client.query<{ fact: string; log_id: string }>(
    INSERT_FACTS(schema),
    columnArrays(
      FACT_COLUMNS,
      facts.map((f) => ({
        log_id: f.logId,
        event_id: f.eventId,
        declaration: f.declaration,
        type: f.type,
        recorded_at: f.position,
        record_time: f.recordTime,
        time_key: f.timeKey,
        happenings: f.happenings,
      })),
    ),
  );
  const numbers = new Map(inserted.rows.map((row) => [row.log_id, row.fact]));
  const fresh = facts.filter((f) => numbers.has(f.logId));
  if (fresh.length === 0) return [];

  const mentions = distinctMentions(fresh);
  const classes = mentions.map((m) => m.class);
  const ids = mentions.map((m) => m.id);
  await client.query(INSERT_NODES(schema), [classes, ids, mentions.map((m) => m.rank)]);
  const found = await client.query<{ node: string; class: string; id: string }>(FIND_NODES(schema), [classes, ids]);
  const nodes = new Map(found.rows.map((row) => [`${row.class} ${row.id}`, row.node]));
  const node = (key: string): string => nodes.get(key) ?? '';

  await client.query(
    INSERT_INCIDENCE(schema),
    columnArrays(
      INCIDENCE_COLUMNS,
      fresh.flatMap((f) =>
        f.mentions.map((m) => ({
          node: node(`${m.class} ${m.id}`),
          fact: numbers.get(f.logId),
          commands: m.commands,
          dates: m.dates,
          enters: m.enters,
          leaves: m.leaves,
        })),
      ),
    ),
  );
  const things = (rows: readonly (readonly [string, string])[]): (readonly [string, string])[] =>
    rows.map(([a, b]) => [node(`thing ${a}`), node(`thing ${b}`)] as const);
  await pairs(client, `${schema}.containment`, ['unit', 'held'], things(fresh.flatMap((f) => f.contains)));
  await pairs(client, `${schema}.membership`, ['serial', 'lot'], things(fresh.flatMap((f) => f.memberships)));

  const voidings = fresh.flatMap((f) =>
    f.voids.map((id) => ({ event_id: id, log_id: f.logId, recorded_at: f.position })),
  );
  if (voidings.length > 0)
    await client.query(
      INSERT_VOIDINGS(schema),
      columnArrays({ event_id: 'text', log_id: 'uuid', recorded_at: 'text' }, voidings),
    );
  const voided = await client.query<{ fact: string }>(MARK_VOIDED(schema), [
    [...new Set(fresh.flatMap((f) => [f.eventId, ...f.voids]))],
  ]);
  return [...new Set([...numbers.values(), ...voided.rows.map((row) => row.fact)])];
};
