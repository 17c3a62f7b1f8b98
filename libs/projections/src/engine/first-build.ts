import type { LogIdentity } from '#event-log';
import type { Pool } from 'pg';
import type { Projector } from '../port.js';
import { activate, createBuild, LIVE, lockProjection, readActive, readBuilds } from '../store/builds.js';
import { resetCheckpoints } from '../store/checkpoints.js';
import { publishViews } from '../store/public-views.js';
import { inTransaction } from '../store/transaction.js';

/** A read model that was never built serves at once and catches up; later versions are built beside it on request. */
export const ensureFirstBuild = (pool: Pool, projector: Projector, of: number, log: LogIdentity): Promise<void> =>
  inTransaction(pool, async (client) => {
    await lockProjection(client, projector.name);
    if (await readActive(client, projector.name)) {
      // Builds of a release that published nothing.
      for (const build of await readBuilds(client, projector.name, LIVE))
        if (build.version === projector.version) await publishViews(client, build, projector);
      return;
    }
    const build = await createBuild(client, projector.name, projector.version, 'active');
    await projector.createSchema({ client, schema: build.schema, rebuilding: false });
    await publishViews(client, build, projector);
    await resetCheckpoints(client, build.schema, of, '', log);
    await activate(client, build);
  });
