import { ExpiryAlertRaised, ExpiryLeadsSet } from '#contracts';
import type { Projector } from '#projections';
import { createFactStore, type FactStore, factStoreHandles } from '#traceability';
import { createDateDecisions, exportDecisions, noteDecisions } from './date-decisions.js';
import { createLeadRules, exportLeads, noteLeads } from './lead-rules.js';
import { PUBLIC_EXPIRY } from './public-expiry.js';
import { PUBLIC_SUPPLIES } from './public-supplies.js';
import { createRaisedAlerts, exportRaised, noteRaised } from './raised-alerts.js';
import { createRecallMarks, exportRecallMarks, MARKING_EVENTS, noteRecallMarks } from './recall-marks.js';
import { createSuppliesTables, exportSupplies, noteKnownSupplies, SUPPLIES_OF_LOTS } from './supplies-table.js';

export const EXPIRY = 'expiry';

const EXPIRING = (s: string): string => `
SELECT l.id AS lot, l.item, l.status, d.dates, d.derived,
       (SELECT json_agg(json_build_array(b.place, b.unit, b.dimension, trim_scale(b.value)::text) ORDER BY b.n)
        FROM ${s}.balances b WHERE b.owner = l.owner) AS stock
FROM ${s}.dates d JOIN ${s}.lots l USING (owner) ORDER BY l.id`;

const storeIn = (schema: string): FactStore => createFactStore({ schema, also: [SUPPLIES_OF_LOTS] });

/**
 * What expires when, how much of it is where, and what was told of it: dates (stated, by rule of the item, inherited) with
 * why they were changed, balances, the alerts that the log has, and how far ahead they are wanted. What is due follows from
 * these. Beside it who supplied which lot, and what became of it: docs/suppliers.md.
 */
export const expiryProjector: Projector = {
  name: EXPIRY,
  version: 2,
  handles: new Map([
    ...factStoreHandles,
    ...[ExpiryAlertRaised, ExpiryLeadsSet, ...MARKING_EVENTS].map(({ type, version }) => [type, version] as const),
  ]),
  createSchema: async ({ client, schema }) => {
    await storeIn(schema).createSchema(client);
    await createSuppliesTables(client, schema);
    await createRaisedAlerts(client, schema);
    await createRecallMarks(client, schema);
    await createLeadRules(client, schema);
    await createDateDecisions(client, schema);
  },
  apply: async ({ client, schema }, events) => {
    const folded = await storeIn(schema).apply(client, events);
    await noteKnownSupplies(client, schema, folded, events);
    await noteRaised(client, schema, events);
    await noteRecallMarks(client, schema, events);
    await noteLeads(client, schema, events);
    await noteDecisions(client, schema, events);
  },
  markParked: ({ client, schema }, events, parked) => storeIn(schema).markParked(client, events, parked),
  export: async function* ({ client, schema }) {
    const { rows } = await client.query<object>(EXPIRING(schema));
    for (const row of rows) yield { table: 'expiring', row };
    yield* exportRaised(client, schema);
    yield* exportSupplies(client, schema);
    yield* exportRecallMarks(client, schema);
    yield* exportLeads(client, schema);
    yield* exportDecisions(client, schema);
  },
  publishes: (schema) => ({ expiry: PUBLIC_EXPIRY(schema), supplies: PUBLIC_SUPPLIES(schema) }),
};
