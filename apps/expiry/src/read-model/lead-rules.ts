import { ExpiryLeadsSet, type DataOf, type RecordedEvent } from '#contracts';
import { PoisonEvent } from '#projections';
import type { PoolClient } from 'pg';

type Client = Pick<PoolClient, 'query'>;
type Rule = DataOf<typeof ExpiryLeadsSet>;

/** '' stands for every item, every site. */
const TABLE = (s: string): string => `
CREATE TABLE IF NOT EXISTS ${s}.lead_rules (
  item  text COLLATE "C" NOT NULL,
  site  text COLLATE "C" NOT NULL,
  leads integer[] NOT NULL,
  PRIMARY KEY (item, site)
);`;

const SET = (s: string): string => `
INSERT INTO ${s}.lead_rules (item, site, leads)
SELECT v.item, v.site, ARRAY(SELECT json_array_elements_text(v.leads)::int)
FROM ROWS FROM (unnest($1::text[], $2::text[]), json_array_elements($3::json)) AS v(item, site, leads)
ON CONFLICT (item, site) DO UPDATE SET leads = EXCLUDED.leads`;

const UNSET = (s: string): string => `
DELETE FROM ${s}.lead_rules r USING unnest($1::text[], $2::text[]) AS v(item, site)
WHERE r.item = v.item AND r.site = v.site`;

const isRule = (data: unknown): data is Rule => {
  const { item, site, leads } = (data ?? {}) as Partial<Record<keyof Rule, unknown>>;
  return (
    [item, site].every((id) => id === undefined || typeof id === 'string') &&
    (leads === undefined || (Array.isArray(leads) && leads.every(Number.isInteger)))
  );
};

export const createLeadRules = async (client: Client, schema: string): Promise<void> => {
  await client.query(TABLE(schema));
};

/** Notes what is set; of one item and site the last counts. @throws PoisonEvent where an event cannot be read. */
export const noteLeads = async (client: Client, schema: string, events: readonly RecordedEvent[]): Promise<void> => {
  const last = new Map<string, Rule>();
  for (const event of events) {
    if (event.type !== ExpiryLeadsSet.type) continue;
    if (!isRule(event.data)) throw new PoisonEvent(event, new Error('it does not say which leads are set for what'));
    last.set(JSON.stringify([event.data.item, event.data.site]), event.data);
  }
  if (last.size === 0) return;
  const rules = [...last.values()];
  const [set, unset] = [rules.filter((r) => r.leads !== undefined), rules.filter((r) => r.leads === undefined)];
  const keys = (of: readonly Rule[]): string[][] => [of.map((r) => r.item ?? ''), of.map((r) => r.site ?? '')];
  if (set.length > 0) await client.query(SET(schema), [...keys(set), JSON.stringify(set.map((r) => r.leads))]);
  if (unset.length > 0) await client.query(UNSET(schema), keys(unset));
};

export async function* exportLeads(client: Client, schema: string): AsyncIterable<{ table: string; row: unknown }> {
  const { rows } = await client.query<object>(`SELECT item, site, leads FROM ${schema}.lead_rules ORDER BY item, site`);
  for (const row of rows) yield { table: 'lead_rules', row };
}
