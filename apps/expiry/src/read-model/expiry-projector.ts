import { ExpiryAlertRaised } from '#contracts';
import type { Projector } from '#projections';
import { createFactStore, factStoreHandles } from '#traceability';
import { PUBLIC_EXPIRY } from './public-expiry.js';
import { createRaisedAlerts, exportRaised, noteRaised } from './raised-alerts.js';

export const EXPIRY = 'expiry';

const EXPIRING = (s: string): string => `
SELECT l.id AS lot, l.item, l.status, d.dates, d.derived,
       (SELECT json_agg(json_build_array(b.place, b.unit, b.dimension, trim_scale(b.value)::text) ORDER BY b.n)
        FROM ${s}.balances b WHERE b.owner = l.owner) AS stock
FROM ${s}.dates d JOIN ${s}.lots l USING (owner) ORDER BY l.id`;

/**
 * What expires when, how much of it is where, and what was told of it: dates (stated, by rule of the item, inherited),
 * balances, and the alerts that the log has. What is due follows from these three, so nothing else has to be kept.
 */
export const expiryProjector: Projector = {
  name: EXPIRY,
  version: 1,
  handles: new Map([...factStoreHandles, [ExpiryAlertRaised.type, ExpiryAlertRaised.version]]),
  createSchema: async ({ client, schema }) => {
    await createFactStore({ schema }).createSchema(client);
    await createRaisedAlerts(client, schema);
  },
  apply: async ({ client, schema }, events) => {
    await createFactStore({ schema }).apply(client, events);
    await noteRaised(client, schema, events);
  },
  markParked: ({ client, schema }, events, parked) => createFactStore({ schema }).markParked(client, events, parked),
  export: async function* ({ client, schema }) {
    const { rows } = await client.query<object>(EXPIRING(schema));
    for (const row of rows) yield { table: 'expiring', row };
    yield* exportRaised(client, schema);
  },
  publishes: (schema) => ({ expiry: PUBLIC_EXPIRY(schema) }),
};
