import type { Projector } from '#projections';
import { createFactStore, factStoreHandles } from '#traceability';
import { publicViews } from './public-views.js';

export const GENEALOGY = 'genealogy';

/** Graph, ledger and discrepancies: the fact store as it is, and views on it for other people's tools. */
export const genealogyProjector: Projector = {
  name: GENEALOGY,
  version: 2,
  handles: factStoreHandles,
  createSchema: ({ client, schema }) => createFactStore({ schema }).createSchema(client),
  apply: async ({ client, schema }, events) => {
    await createFactStore({ schema }).apply(client, events);
  },
  markParked: ({ client, schema }, events, parked) => createFactStore({ schema }).markParked(client, events, parked),
  export: ({ client, schema }) => createFactStore({ schema }).export(client),
  publishes: publicViews,
};
