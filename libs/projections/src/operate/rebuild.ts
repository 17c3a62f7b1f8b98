import { type EventLog, isSameLog, type LogBatch, type LogIdentity } from '#event-log';
import type { Pool, PoolClient } from 'pg';
import type { Known } from '../engine/applying.js';
import { bringTo, highest, lowest } from '../engine/bring-to.js';
import { MustPause } from '../engine/failures.js';
import { wantedOf } from '../engine/wanted.js';
import { applyBatch } from '../engine/work-batch.js';
import type { ProjectionContext, Projector } from '../port.js';
import {
  activate,
  type Active,
  type Build,
  createBuild,
  dropBuild,
  lockProjection,
  readBuilds,
  setBuildStatus,
} from '../store/builds.js';
import {
  type Checkpoint,
  lockCheckpoints,
  raiseCheckpoints,
  readCheckpoints,
  resetCheckpoints,
} from '../store/checkpoints.js';
import { readParked } from '../store/parked-events.js';
import { publishViews } from '../store/public-views.js';
import { inTransaction } from '../store/transaction.js';
import { type Difference, differencesOf, digestOf, isEqual, type TableDigest } from './compare-exports.js';
import { activeOf, asRefusal, type OperationsOptions, projectorOf, refuse, unknownProjection } from './deps.js';

export interface RebuildReport {
  projection: string;
  version: number;
  /** Where the new tables are. */
  schema: string;
  /** Old and new were compared as they stand here. */
  position: string;
  /** What readers saw when it was built. */
  before: { schema: string; version: number; tables: TableDigest[] };
  after: { tables: TableDigest[] };
  /** Undefined where there was nothing to compare with; `notCompared` says why. */
  equal?: boolean;
  notCompared?: string;
  /** The first rows that differ. */
  differences: Difference[];
  /** Rules of the projector that the new build breaks; it cannot serve then. */
  broken: string[];
  /** switched: readers see it; ready: an operator accepts it; failed: it is not to be used. */
  outcome: 'switched' | 'ready' | 'failed';
}

export interface RebuildOptions {
  /** Default: the highest this release knows. */
  version?: number;
  onProgress?: (progress: { position: string; events: number }) => void;
  /** Gives up between two batches. */
  signal?: AbortSignal;
}

const PAGE = 5_000;
const ALONE = { index: 0, of: 1 };

/** One rebuild of a read model at a time, in whatever process; released by the server if its holder dies. */
const exclusively = async <T>(pool: Pool, projection: string, work: () => Promise<T>): Promise<T> => {
  const client = await pool.connect();
  const key = `lotline.rebuild.${projection}`;
  let lost: Error | undefined;
  client.on('error', (error) => (lost = error));
  try {
    const { rows } = await client.query<{ got: boolean }>(
      'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS got',
      [key],
    );
    if (!rows[0]?.got) throw refuse('rebuild-running', `a rebuild of "${projection}" is running already`);
    try {
      return await work();
    } finally {
      await client.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [key]).catch((error: unknown) => {
        lost = error instanceof Error ? error : new Error(String(error));
      });
    }
  } finally {
    client.removeAllListeners('error');
    client.release(lost);
  }
};

/** Clears what earlier attempts left and makes the empty tables. */
const beginBuild = (pool: Pool, projector: Projector, log: LogIdentity): Promise<Build> =>
  inTransaction(pool, async (client) => {
    await lockProjection(client, projector.name);
    for (const left of await readBuilds(client, projector.name, ['building', 'failed', 'ready']))
      if (left.status !== 'ready' || left.version === projector.version) {
        await lockCheckpoints(client, left.schema);
        await dropBuild(client, left.schema);
      }
    const build = await createBuild(client, projector.name, projector.version, 'building');
    await projector.createSchema({ client, schema: build.schema, rebuilding: true });
    await publishViews(client, build, projector);
    await resetCheckpoints(client, build.schema, 1, '', log);
    return build;
  });

/** Events that the live model could not apply, and what became of them since. */
const knownParked = async (db: Pool | PoolClient, schema: string): Promise<ReadonlyMap<string, Known>> =>
  new Map((await readParked(db, { schema })).map((parked) => [parked.eventId, parked]));

/** Fills the build up to where the live model stands, never further: what is poison there is known then. */
const fill = async (
  { pool, log }: { pool: Pool; log: EventLog },
  build: Build,
  projector: Projector,
  live: { schema: string; target: () => Promise<string> },
  { onProgress, signal }: RebuildOptions,
): Promise<void> => {
  const work = { pool, log, build, projector, partition: ALONE };
  let after = '';
  let events = 0;
  let ahead: { from: string; page: Promise<LogBatch> } | undefined;
  for (;;) {
    signal?.throwIfAborted();
    const target = await live.target();
    if (after >= target) return;
    const known = await knownParked(pool, live.schema);
    const page = await (ahead?.from === after ? ahead.page : log.readAll({ after, upTo: target, max: PAGE }));
    const last = page.events.at(-1);
    if (last === undefined) return;
    // The next page is read while this one is applied.
    ahead =
      last.position < target
        ? { from: last.position, page: log.readAll({ after: last.position, upTo: target, max: PAGE }) }
        : undefined;
    ahead?.page.catch(() => undefined);
    const { events: wanted, newer } = wantedOf(projector, page.events);
    if (newer) throw new MustPause('paused', newer.reason);
    const batch = { from: after, to: { position: last.position }, events: wanted, lastRecordTime: last.recordTime };
    await applyBatch(work, batch, { kind: 'rebuild', known });
    after = last.position;
    events += page.events.length;
    onProgress?.({ position: after, events });
  }
};

interface Comparable {
  rows: Checkpoint[];
  projector: Projector | undefined;
  /** Why old and new cannot stand at one position; undefined where they can. */
  obstacle: string | undefined;
}

const comparability = (
  options: OperationsOptions,
  active: Active,
  projection: string,
  rows: Checkpoint[],
  log: LogIdentity,
): Comparable => {
  const projector = projectorOf(options.projectors, projection, active.version);
  const obstacle = rows.some((row) => !isSameLog(row.log, log))
    ? 'the old build was made on another log or epoch'
    : projector === undefined
      ? `this release has no version ${active.version} to read the old build with`
      : undefined;
  return { rows, projector, obstacle };
};

/** Holds both builds at one position, compares them there, and decides, in one transaction. */
const conclude = (options: OperationsOptions, build: Build, projector: Projector): Promise<RebuildReport> =>
  inTransaction(options.pool, async (client) => {
    const { log, partitionOf } = options;
    await lockProjection(client, build.projection);
    const active = await activeOf(client, build.projection);
    const identity = await log.identity();
    const rows = await lockCheckpoints(client, active.schema);
    const live = comparability(options, active, build.projection, rows, identity);
    const own = await lockCheckpoints(client, build.schema);
    const sameEpoch = rows.every((row) => isSameLog(row.log, identity));
    const upTo = sameEpoch && highest(rows) > highest(own) ? highest(rows) : highest(own);

    const side = { client, schema: active.schema, rebuilding: false } satisfies ProjectionContext;
    if (live.obstacle === undefined && live.projector) {
      const policy = { kind: 'careful', streak: { failures: 0, limit: 10 } } as const;
      const old = { ...build, schema: active.schema, version: active.version };
      const at = await bringTo({ client, log, build: old, projector: live.projector, policy }, rows, partitionOf, upTo);
      await raiseCheckpoints(client, active.schema, upTo, at);
    }
    const policy = { kind: 'rebuild', known: await knownParked(client, active.schema) } as const;
    const at = await bringTo({ client, log, build, projector, policy }, own, () => 0, upTo);
    await resetCheckpoints(client, build.schema, Math.max(rows.length, 1), upTo, identity, at);

    const context = { client, schema: build.schema, rebuilding: true };
    const broken = (await projector.verify?.(context)) ?? [];
    const after = { projector, context };
    const before = live.projector && { projector: live.projector, context: side };
    const afterTables = await digestOf(after);
    const beforeTables = before && live.obstacle === undefined ? await digestOf(before) : [];
    const equal = live.obstacle === undefined ? isEqual(beforeTables, afterTables) : undefined;
    const isSameVersion = build.version === active.version;
    const outcome =
      broken.length > 0 || (isSameVersion && equal === false) ? 'failed' : isSameVersion ? 'switched' : 'ready';
    const report: RebuildReport = {
      projection: build.projection,
      version: build.version,
      schema: build.schema,
      position: upTo,
      before: { schema: active.schema, version: active.version, tables: beforeTables },
      after: { tables: afterTables },
      ...(equal !== undefined && { equal }),
      ...(live.obstacle !== undefined && { notCompared: live.obstacle }),
      differences: equal === false && before ? await differencesOf(before, after) : [],
      broken,
      outcome,
    };
    if (outcome === 'switched') await activate(client, build);
    else
      await setBuildStatus(
        client,
        build.schema,
        outcome,
        broken[0] ?? (outcome === 'failed' ? `differs from ${active.schema} at ${upTo}` : undefined),
      );
    await client.query('UPDATE projections.builds SET report = $2 WHERE schema = $1', [
      build.schema,
      JSON.stringify(report),
    ]);
    return report;
  });

/**
 * Builds a read model beside the live one from the log alone. The same version must come out equal, row by row, where both
 * stand at one position, and is switched to at once; another version is compared, kept up to date by the workers and waits
 * for `accept`. Readers and workers of the live one are held only while both are compared.
 * @throws LotlineError 404 `projection-unknown`; 422 `rebuild-running`, `version-unknown`, `rebuild-stopped` (an event that
 * the live model has not parked cannot be applied, or needs a newer release); nothing is switched then.
 */
export const rebuild = async (
  options: OperationsOptions,
  projection: string,
  rebuildOptions: RebuildOptions,
): Promise<RebuildReport> => {
  const { pool, log, projectors } = options;
  const known = projectors.filter(({ name }) => name === projection).map(({ version }) => version);
  if (known.length === 0)
    throw unknownProjection(
      projection,
      projectors.map(({ name }) => name),
    );
  const version = rebuildOptions.version ?? Math.max(...known);
  const projector = projectorOf(projectors, projection, version);
  if (!projector) throw refuse('version-unknown', `this release has no read model "${projection}" version ${version}`);
  return exclusively(pool, projection, async () => {
    const active = await activeOf(pool, projection);
    const identity = await log.identity();
    const build = await beginBuild(pool, projector, identity);
    const target = async (): Promise<string> => {
      const rows = await readCheckpoints(pool, active.schema);
      return rows.length > 0 && rows.every((row) => isSameLog(row.log, identity)) ? lowest(rows) : log.head();
    };
    try {
      await fill({ pool, log }, build, projector, { schema: active.schema, target }, rebuildOptions);
      return await conclude(options, build, projector);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      // Where not even this can be written, the next rebuild clears it away all the same.
      await setBuildStatus(pool, build.schema, 'failed', reason.slice(0, 2000)).catch(() => undefined);
      throw asRefusal(error);
    }
  });
};
