import type { LogIdentity } from '#event-log';
import type { Pool } from 'pg';
import type { Projector } from '../port.js';
import { activate, createBuild, lockProjection, readActive } from '../store/builds.js';
import { resetCheckpoints } from '../store/checkpoints.js';
import { inTransaction } from '../store/transaction.js';

/** A read model that was never built serves at once and catches up; later versions are built beside it on request. */
export const ensureFirstBuild = (pool: Pool, projector: Projector, of: number, log: LogIdentity): Promise<void> =>
  inTransaction(pool, async (client) => {
    await lockProjection(client, projector.name);
    if (await readActive(client, projector.name)) return;
    const build = await createBuild(client, projector.name, projector.version, 'active');
    await projector.createSchema({ client, schema: build.schema, rebuilding: false });
    await resetCheckpoints(client, build.schema, of, '', log);
    await activate(client, build);
  });
