import { ExpiryAlertRaised, type DataOf, type RecordedEvent } from '#contracts';
import { PoisonEvent } from '#projections';
import type { PoolClient } from 'pg';

type Client = Pick<PoolClient, 'query'>;
type Alert = DataOf<typeof ExpiryAlertRaised>;

/** What was told, once and for all; `site` is '' where the alert says none. */
const TABLE = (s: string): string => `
CREATE TABLE IF NOT EXISTS ${s}.raised_alerts (
  alert     uuid PRIMARY KEY,
  lot       text COLLATE "C" NOT NULL,
  date      text COLLATE "C" NOT NULL,
  day       text COLLATE "C" NOT NULL,
  lead      integer NOT NULL,
  site      text COLLATE "C" NOT NULL,
  item      text COLLATE "C",
  raised_at timestamptz NOT NULL,
  data      json NOT NULL
);
CREATE INDEX IF NOT EXISTS raised_alerts_lot ON ${s}.raised_alerts (lot, date, day);
CREATE INDEX IF NOT EXISTS raised_alerts_day ON ${s}.raised_alerts (day, alert);`;

const INSERT = (s: string): string => `
INSERT INTO ${s}.raised_alerts (alert, lot, date, day, lead, site, item, raised_at, data)
SELECT v.alert, v.data->>'lot', v.data->>'date', v.data->>'on', (v.data->>'lead')::int, coalesce(v.data->>'site', ''),
       v.data->>'item', v.raised_at, v.data
FROM ROWS FROM (unnest($1::uuid[], $2::timestamptz[]), json_array_elements($3::json)) AS v(alert, raised_at, data)
ON CONFLICT DO NOTHING`;

const EXPORT = (s: string): string => `SELECT alert, data FROM ${s}.raised_alerts ORDER BY alert`;

const isAlert = (data: unknown): data is Alert => {
  const { lot, date, on, lead } = (data ?? {}) as Partial<Record<keyof Alert, unknown>>;
  return typeof lot === 'string' && typeof date === 'string' && typeof on === 'string' && Number.isInteger(lead);
};

export const createRaisedAlerts = async (client: Client, schema: string): Promise<void> => {
  await client.query(TABLE(schema));
};

/** Notes which alerts the log has. @throws PoisonEvent where one cannot be read. */
export const noteRaised = async (client: Client, schema: string, events: readonly RecordedEvent[]): Promise<void> => {
  const alerts = events.filter((event) => event.type === ExpiryAlertRaised.type);
  if (alerts.length === 0) return;
  const unreadable = alerts.find(({ data }) => !isAlert(data));
  if (unreadable) throw new PoisonEvent(unreadable, new Error('it does not say which lot, date and lead it is about'));
  await client.query(INSERT(schema), [
    alerts.map((event) => event.id),
    alerts.map((event) => event.recordTime),
    JSON.stringify(alerts.map((event) => event.data)),
  ]);
};

export async function* exportRaised(client: Client, schema: string): AsyncIterable<{ table: string; row: unknown }> {
  const { rows } = await client.query<object>(EXPORT(schema));
  for (const row of rows) yield { table: 'raised_alerts', row };
}
