import {
  LotExcluded,
  NoticeIssued,
  RecallClosed,
  RecallHoldsLifted,
  RecallOpened,
  RecallReopened,
  ScopeChanged,
  ScopeHeld,
  type RecordedEvent,
} from '#contracts';
import type { Projector } from '#projections';
import { evolve, type OpenedCase, type RecallCase, type RecallEvent } from '../domain/recall-case.js';

/** Recalls' read model: every case as its stream has it, for lists and for whoever asks which are open. */
export const CASES = 'recall_cases';

const TABLES = (s: string): string => `
CREATE TABLE IF NOT EXISTS ${s}.cases (
  id        text COLLATE "C" PRIMARY KEY,
  status    text NOT NULL,
  drill     boolean NOT NULL,
  opened_at text NOT NULL,
  revision  integer NOT NULL,
  state     json NOT NULL
);
CREATE INDEX IF NOT EXISTS cases_status ON ${s}.cases (status, id);`;

const READ = (s: string): string => `SELECT id, revision, state FROM ${s}.cases WHERE id = ANY ($1::text[])`;
const UPSERT = (s: string): string => `
INSERT INTO ${s}.cases (id, status, drill, opened_at, revision, state)
SELECT * FROM unnest($1::text[], $2::text[], $3::boolean[], $4::text[], $5::int[], $6::json[])
ON CONFLICT (id) DO UPDATE SET status = EXCLUDED.status, revision = EXCLUDED.revision, state = EXCLUDED.state`;

export const CASE_EVENTS = [
  RecallOpened,
  ScopeChanged,
  ScopeHeld,
  LotExcluded,
  NoticeIssued,
  RecallClosed,
  RecallHoldsLifted,
  RecallReopened,
];

const caseOf = (event: RecordedEvent): string => (event.data as { case: string }).case;

export const casesProjector: Projector = {
  name: CASES,
  version: 1,
  handles: new Map(CASE_EVENTS.map(({ type, version }) => [type, version])),
  createSchema: async ({ client, schema }) => {
    await client.query(TABLES(schema));
  },
  apply: async ({ client, schema }, events) => {
    const ids = [...new Set(events.map(caseOf))];
    if (ids.length === 0) return;
    const { rows } = await client.query<{ id: string; revision: number; state: OpenedCase }>(READ(schema), [ids]);
    const cases = new Map<string, { recall: RecallCase; revision: number }>(
      rows.map((row) => [row.id, { recall: row.state, revision: row.revision }]),
    );
    for (const event of events) {
      const id = caseOf(event);
      const entry = cases.get(id) ?? { recall: undefined, revision: -1 };
      if (event.revision <= entry.revision) continue;
      cases.set(id, { recall: evolve(entry.recall, event as unknown as RecallEvent), revision: event.revision });
    }
    const known = [...cases].flatMap(([id, { recall, revision }]) => (recall ? [{ id, recall, revision }] : []));
    await client.query(UPSERT(schema), [
      known.map((c) => c.id),
      known.map((c) => c.recall.status),
      known.map((c) => c.recall.drill),
      known.map((c) => c.recall.openedAt),
      known.map((c) => c.revision),
      known.map((c) => JSON.stringify(c.recall)),
    ]);
  },
  export: async function* ({ client, schema }) {
    // Positions inside the state are of this log alone.
    const { rows } = await client.query<{ id: string; status: string; lots: string[] }>(
      `SELECT id, status, drill, ARRAY(SELECT k FROM json_object_keys(state->'lots') k ORDER BY k) AS lots FROM ${schema}.cases ORDER BY id`,
    );
    for (const row of rows) yield { table: 'cases', row };
  },
};
