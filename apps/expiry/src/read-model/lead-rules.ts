import { ExpiryLeadsSet, type DataOf, type RecordedEvent } from '#contracts';
import { PoisonEvent } from '#projections';
import type { PoolClient } from 'pg';

type Client = Pick<PoolClient, 'query'>;
type Rule = DataOf<typeof ExpiryLeadsSet>;

/** '' stands for every item, every site. `set_at`: position of what set it. */
const TABLE = (s: string): string => `
CREATE TABLE IF NOT EXISTS ${s}.lead_rules (
  item  text COLLATE "C" NOT NULL,
  site  text COLLATE "C" NOT NULL,
  leads integer[] NOT NULL,
  set_at text COLLATE "C" NOT NULL,
  PRIMARY KEY (item, site)
);`;

const SET = (s: string): string => `
INSERT INTO ${s}.lead_rules (item, site, set_at, leads)
SELECT v.item, v.site, v.set_at, ARRAY(SELECT json_array_elements_text(v.leads)::int)
FROM ROWS FROM (unnest($1::text[], $2::text[], $3::text[]), json_array_elements($4::json)) AS v(item, site, set_at, leads)
ON CONFLICT (item, site) DO UPDATE SET leads = EXCLUDED.leads, set_at = EXCLUDED.set_at`;

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
  const last = new Map<string, Rule & { position: string }>();
  for (const event of events) {
    if (event.type !== ExpiryLeadsSet.type) continue;
    if (!isRule(event.data)) throw new PoisonEvent(event, new Error('it does not say which leads are set for what'));
    last.set(JSON.stringify([event.data.item, event.data.site]), { ...event.data, position: event.position });
  }
  if (last.size === 0) return;
  const rules = [...last.values()];
  const [set, unset] = [rules.filter((r) => r.leads !== undefined), rules.filter((r) => r.leads === undefined)];
  const keys = (of: readonly Rule[]): string[][] => [of.map((r) => r.item ?? ''), of.map((r) => r.site ?? '')];
  if (set.length > 0)
    await client.query(SET(schema), [
      ...keys(set),
      set.map((r) => r.position),
      JSON.stringify(set.map((r) => r.leads)),
    ]);
  if (unset.length > 0) await client.query(UNSET(schema), keys(unset));
};

/** A rule as it stands. */
export interface StandingRule {
  item: string;
  /** As it was set: a site, or a place of one. */
  site: string;
  leads: number[];
  set_at: string;
}

const STANDING = (s: string): string => `SELECT item, site, leads, set_at FROM ${s}.lead_rules ORDER BY item, site`;

export const readLeads = async (client: Client, schema: string): Promise<StandingRule[]> =>
  (await client.query<StandingRule>(STANDING(schema))).rows;

export async function* exportLeads(client: Client, schema: string): AsyncIterable<{ table: string; row: unknown }> {
  for (const row of await readLeads(client, schema)) yield { table: 'lead_rules', row };
}
