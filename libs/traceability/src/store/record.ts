import type { Fact, Mention } from './fact.js';
import { compareText } from './derive/order.js';
import { prepared } from './prepared.js';
import { arrayText, columnArrays, type Columns, type Queryable, unnestOf } from './unnest.js';

const FACT_COLUMNS: Columns = {
  log_id: 'uuid',
  event_id: 'text',
  declaration: 'boolean',
  type: 'text',
  recorded_at: 'text',
  record_time: 'timestamptz',
  time_key: 'text',
};

const FACT_WIDTH = Object.keys(FACT_COLUMNS).length;
const FACT_ARRAYS = Object.values(FACT_COLUMNS)
  .map((type, i) => `$${i + 1}::${type}[]`)
  .join(', ');

// Happenings come as one list in JSON: written as elements of an array they would have to be escaped a second time.
// Voidings that came before count at once; no other worker has any under way (`lockModel`).
const INSERT_FACTS = (s: string): string => `
INSERT INTO ${s}.facts (${Object.keys(FACT_COLUMNS).join(', ')}, happenings, voided_at)
SELECT v.*, CASE WHEN NOT v.declaration THEN (SELECT min(x.recorded_at) FROM ${s}.voidings x WHERE x.event_id = v.event_id) END
FROM ROWS FROM (unnest(${FACT_ARRAYS}), json_array_elements($${FACT_WIDTH + 1}::json)) AS v(${Object.keys(FACT_COLUMNS).join(', ')}, happenings)
ON CONFLICT (log_id) DO NOTHING
RETURNING fact, log_id`;

const NODE_COLUMNS: Columns = { class: 'text', id: 'text', rank: 'integer' };

const FIND_NODES = (s: string): string => `
SELECT n.node, n.class, n.id FROM unnest($1::text[], $2::text[]) AS v(class, id)
CROSS JOIN LATERAL (SELECT * FROM ${s}.nodes n WHERE n.id = v.id AND n.class = v.class OFFSET 0) n`;

const INSERT_NODES = (s: string): string => `
INSERT INTO ${s}.nodes (class, id, rank) SELECT * FROM ${unnestOf(NODE_COLUMNS)}
ON CONFLICT (id, class) DO NOTHING
RETURNING node, class, id`;

const INCIDENCE_COLUMNS: Columns = {
  node: 'bigint',
  fact: 'bigint',
  class: 'text',
  commands: 'boolean',
  dates: 'boolean',
  enters: 'boolean',
  leaves: 'boolean',
};
const VOIDING_COLUMNS: Columns = { event_id: 'text', log_id: 'uuid', recorded_at: 'text' };

const INCIDENCE_WIDTH = Object.keys(INCIDENCE_COLUMNS).length;

/** What new facts say, by the numbers of those whom they name; their incidence is as new as they are. */
const INSERT_INCIDENCE = (s: string): string => `
WITH contained AS (
  INSERT INTO ${s}.containment (unit, held)
  SELECT * FROM ${unnestOf({ a: 'bigint', b: 'bigint' }, 'c', INCIDENCE_WIDTH + 1)} ON CONFLICT DO NOTHING
), stated AS (
  INSERT INTO ${s}.membership (serial, lot)
  SELECT * FROM ${unnestOf({ a: 'bigint', b: 'bigint' }, 'm', INCIDENCE_WIDTH + 3)} ON CONFLICT DO NOTHING
), voided AS (
  INSERT INTO ${s}.voidings (${Object.keys(VOIDING_COLUMNS).join(', ')})
  SELECT * FROM ${unnestOf(VOIDING_COLUMNS, 'x', INCIDENCE_WIDTH + 5)} ON CONFLICT DO NOTHING
)
INSERT INTO ${s}.incidence (${Object.keys(INCIDENCE_COLUMNS).join(', ')}) SELECT * FROM ${unnestOf(INCIDENCE_COLUMNS)}`;

/** It does not matter which came first: from the voiding's position on the fact does not count, and never before its own. */
const MARK_VOIDED = (s: string): string => `
UPDATE ${s}.facts f SET voided_at = v.recorded_at
FROM (SELECT event_id, min(recorded_at) AS recorded_at FROM ${s}.voidings WHERE event_id = ANY ($1::text[]) GROUP BY event_id) v
WHERE f.event_id = v.event_id AND NOT f.declaration AND f.voided_at IS DISTINCT FROM v.recorded_at
RETURNING f.fact`;

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

const keyOf = (node: { class: string; id: string }): string => `${node.class} ${node.id}`;

interface NodeRow {
  node: string;
  class: string;
  id: string;
}

/** Numbers by key; new ones are given in the order in which nodes are locked, so that workers who meet here do not deadlock. */
const numberNodes = async (
  client: Queryable,
  schema: string,
  mentions: readonly Mention[],
): Promise<Pick<Recorded, 'fresh'> & { nodes: Map<string, string> }> => {
  const nodes = new Map<string, string>();
  const fresh = new Set<string>();
  const unknown = (): Mention[] => mentions.filter((m) => !nodes.has(keyOf(m)));
  const find = async (): Promise<void> => {
    const missing = unknown();
    const found = await client.query<NodeRow>(
      prepared(FIND_NODES(schema), columnArrays({ class: 'text', id: 'text' }, missing)),
    );
    for (const row of found.rows) nodes.set(keyOf(row), row.node);
  };
  await find();
  const missing = unknown().sort((a, b) => a.rank - b.rank || compareText(a.id, b.id));
  if (missing.length > 0) {
    const inserted = await client.query<NodeRow>(prepared(INSERT_NODES(schema), columnArrays(NODE_COLUMNS, missing)));
    for (const row of inserted.rows) {
      nodes.set(keyOf(row), row.node);
      fresh.add(row.node);
    }
    // What another worker inserted while ours waited is seen by a later statement.
    if (inserted.rows.length < missing.length) await find();
  }
  return { nodes, fresh };
};

/** What came of recording. */
export interface Recorded {
  /** Facts (by internal number) that came or were voided now; [] where all of it was known. */
  facts: readonly string[];
  /** Nodes that nothing named before: nothing was derived of them either. */
  fresh: ReadonlySet<string>;
}

/** Stores facts and whom they name, each once whatever their number and however often they come. */
export const recordFacts = async (client: Queryable, schema: string, facts: readonly Fact[]): Promise<Recorded> => {
  if (facts.length === 0) return { facts: [], fresh: new Set() };
  const inserted = await client.query<{ fact: string; log_id: string }>(
    prepared(INSERT_FACTS(schema), [
      ...columnArrays(
        FACT_COLUMNS,
        facts.map((f) => ({
          log_id: f.logId,
          event_id: f.eventId,
          declaration: f.declaration,
          type: f.type,
          recorded_at: f.position,
          record_time: f.recordTime,
          time_key: f.timeKey,
        })),
      ),
      JSON.stringify(facts.map((f) => f.happenings)),
    ]),
  );
  const numbers = new Map(inserted.rows.map((row) => [row.log_id, row.fact]));
  const came = new Set<string>();
  // A log id that stands twice in one batch is stored once; so is what it says.
  const unseen = facts.filter((f) => numbers.has(f.logId) && !came.has(f.logId) && came.add(f.logId));
  if (unseen.length === 0) return { facts: [], fresh: new Set() };

  const { nodes, fresh } = await numberNodes(client, schema, distinctMentions(unseen));
  const numbered = (pairs: readonly (readonly [string, string])[]): string[] => [
    arrayText(
      'bigint',
      pairs.map(([a]) => nodes.get(`thing ${a}`)),
    ),
    arrayText(
      'bigint',
      pairs.map(([, b]) => nodes.get(`thing ${b}`)),
    ),
  ];
  const voidings = unseen.flatMap((f) =>
    f.voids.map((id) => ({ event_id: id, log_id: f.logId, recorded_at: f.position })),
  );
  await client.query(
    prepared(INSERT_INCIDENCE(schema), [
      ...columnArrays(
        INCIDENCE_COLUMNS,
        unseen.flatMap((f) => f.mentions.map((m) => ({ ...m, node: nodes.get(keyOf(m)), fact: numbers.get(f.logId) }))),
      ),
      ...numbered(unseen.flatMap((f) => f.contains)),
      ...numbered(unseen.flatMap((f) => f.memberships)),
      ...columnArrays(VOIDING_COLUMNS, voidings),
    ]),
  );
  if (voidings.length === 0) return { facts: [...numbers.values()], fresh };
  const voided = await client.query<{ fact: string }>(
    prepared(MARK_VOIDED(schema), [arrayText('text', [...new Set(voidings.map((v) => v.event_id))])]),
  );
  return { facts: [...new Set([...numbers.values(), ...voided.rows.map((row) => row.fact)])], fresh };
};
