import { LotDatesChanged, type DataOf, type RecordedEvent } from '#contracts';
import type { PoolClient } from 'pg';

type Client = Pick<PoolClient, 'query'>;

/** Who decided on dates and why: the fact store keeps what, and when. */
const TABLE = (s: string): string => `
CREATE TABLE IF NOT EXISTS ${s}.date_decisions (
  log_id uuid PRIMARY KEY,
  actor  text NOT NULL,
  reason text,
  before json
);`;

const INSERT = (s: string): string => `
INSERT INTO ${s}.date_decisions (log_id, actor, reason, before)
SELECT v.log_id, v.actor, v.data->>'reason', v.data->'before'
FROM ROWS FROM (unnest($1::uuid[], $2::text[]), json_array_elements($3::json)) AS v(log_id, actor, data)
ON CONFLICT DO NOTHING`;

export const createDateDecisions = async (client: Client, schema: string): Promise<void> => {
  await client.query(TABLE(schema));
};

/** Notes the reasons of decisions; what they say of the dates is the fact store's, which parks what cannot be read. */
export const noteDecisions = async (
  client: Client,
  schema: string,
  events: readonly RecordedEvent[],
): Promise<void> => {
  const decisions = events.filter((event) => event.type === LotDatesChanged.type);
  if (decisions.length === 0) return;
  await client.query(INSERT(schema), [
    decisions.map((event) => event.id),
    decisions.map((event) => event.meta.actor),
    JSON.stringify(decisions.map(({ data }) => (data ?? {}) as Partial<DataOf<typeof LotDatesChanged>>)),
  ]);
};

export async function* exportDecisions(client: Client, schema: string): AsyncIterable<{ table: string; row: unknown }> {
  const { rows } = await client.query<object>(
    `SELECT log_id, actor, reason, before FROM ${schema}.date_decisions ORDER BY log_id`,
  );
  for (const row of rows) yield { table: 'date_decisions', row };
}
