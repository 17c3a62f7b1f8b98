import type { Projector } from '#projections';
import { createFactStore, factStoreHandles } from '#traceability';

export const EXPIRY = 'expiry';

const EXPIRING = (s: string): string => `
SELECT l.id AS lot, l.item, l.status, d.dates, d.derived,
       (SELECT json_agg(json_build_array(b.place, b.unit, b.dimension, trim_scale(b.value)::text) ORDER BY b.n)
        FROM ${s}.balances b WHERE b.owner = l.owner) AS stock
FROM ${s}.dates d JOIN ${s}.lots l USING (owner) ORDER BY l.id`;

/** What expires when, and how much of it is where: dates (stated, by rule of the item, inherited) and balances. */
export const expiryProjector: Projector = {
  name: EXPIRY,
  version: 1,
  handles: factStoreHandles,
  createSchema: ({ client, schema }) => createFactStore({ schema }).createSchema(client),
  apply: ({ client, schema }, events) => createFactStore({ schema }).apply(client, events),
  markParked: ({ client, schema }, events, parked) => createFactStore({ schema }).markParked(client, events, parked),
  export: async function* ({ client, schema }) {
    const { rows } = await client.query<object>(EXPIRING(schema));
    for (const row of rows) yield { table: 'expiring', row };
  },
};
