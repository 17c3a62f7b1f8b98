import type { Projector } from '#projections';
import { createFactStore, factStoreHandles } from '#traceability';
import { createAnalyticsViews } from './analytics-views.js';

export const GENEALOGY = 'genealogy';

/** Graph, ledger and discrepancies: the fact store as it is, and views on it for other people's tools. */
export const genealogyProjector: Projector = {
  name: GENEALOGY,
  version: 1,
  handles: factStoreHandles,
  createSchema: async ({ client, schema, rebuilding }) => {
    await createFactStore({ schema }).createSchema(client);
    await createAnalyticsViews(client, schema, !rebuilding);
  },
  apply: ({ client, schema }, events) => createFactStore({ schema }).apply(client, events),
  markParked: ({ client, schema }, events, parked) => createFactStore({ schema }).markParked(client, events, parked),
  export: ({ client, schema }) => createFactStore({ schema }).export(client),
};
