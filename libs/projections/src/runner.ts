import { setTimeout as delay } from 'node:timers/promises';
import type { EventBus, Partition, Subscription } from '#event-bus';
import type { EventLog } from '#event-log';
import type { Pool } from 'pg';
import { startWorker } from './engine/build-worker.js';
import { partitionsOf } from './engine/consume-fenced.js';
import { ensureFirstBuild } from './engine/first-build.js';
import type { Observer } from './observer.js';
import type { Projector } from './port.js';
import { createProjectionReader, type ProjectionReader } from './reader.js';
import { LIVE, readBuilds } from './store/builds.js';

export interface ProjectionRunnerOptions {
  /** At least one connection for each partition of each build, besides what the log takes from the same pool. */
  pool: Pool;
  log: EventLog;
  bus: EventBus;
  /** Read models to keep up to date; during an upgrade both the old and the new version of one. */
  projectors: readonly Projector[];
  /** How many partitions the work is divided into (this process does all), or those it serves. Default 1. */
  partitions?: number | readonly Partition[];
  /** Events of one transaction at most; default 1000. */
  batchSize?: number;
  /** How often builds made or retired by other processes are looked for; default 1000 ms. */
  pollMs?: number;
  /** After so many events in a row that fail without being named poison nothing is parked, it fails; default 10. */
  failuresInARow?: number;
  observer?: Observer;
  /** Shared with the queries of the same process, so that they wait for commits without polling. */
  reader?: ProjectionReader;
}

/** The workers of one process. */
export interface ProjectionRunner {
  /** Creates the first build of a projector that has none, then works until stopped. */
  start(): Promise<void>;
  /** Looks for builds made, switched or retired meanwhile, now. */
  refresh(): Promise<void>;
  /** Stops fetching, finishes the batches under way with their checkpoints. The pool, the log and the bus stay open. */
  stop(): Promise<void>;
  readonly reader: ProjectionReader;
  readonly projectors: readonly Projector[];
}

/** @throws TypeError for a projector whose name cannot be a schema's. */
export const createProjectionRunner = (options: ProjectionRunnerOptions): ProjectionRunner => {
  const { pool, log, bus, projectors, observer = {}, pollMs = 1_000 } = options;
  for (const { name } of projectors)
    if (!/^[a-z][a-z0-9_]{0,40}$/.test(name)) throw new TypeError(`"${name}" cannot name a read model`);
  const reader = options.reader ?? createProjectionReader({ pool });
  const partitions = partitionsOf(options.partitions ?? 1);
  const workerOptions = {
    pool,
    log,
    bus,
    reader,
    observer,
    partitions,
    batchSize: options.batchSize ?? 1_000,
    failuresInARow: options.failuresInARow ?? 10,
  };
  const workers = new Map<string, Subscription>();
  const ended = new AbortController();
  let supervising: Promise<void> | undefined;
  let refreshing: Promise<void> = Promise.resolve();

  const refreshOnce = async (): Promise<void> => {
    if (ended.signal.aborted) return;
    const builds = await readBuilds(pool, undefined, LIVE);
    const wanted = new Set<string>();
    for (const build of builds) {
      const projector = projectors.find(({ name, version }) => name === build.projection && version === build.version);
      if (!projector) continue;
      wanted.add(build.schema);
      if (!workers.has(build.schema)) workers.set(build.schema, await startWorker(workerOptions, build, projector));
    }
    for (const [schema, worker] of workers) {
      if (wanted.has(schema)) continue;
      workers.delete(schema);
      await worker.stop();
    }
  };

  /** One after another, whoever asks. */
  const refresh = (): Promise<void> => (refreshing = refreshing.catch(() => undefined).then(refreshOnce));

  const supervise = async (): Promise<void> => {
    while (!ended.signal.aborted) {
      await delay(pollMs, undefined, { signal: ended.signal }).catch(() => undefined);
      await refresh().catch((error: unknown) =>
        observer.failed?.({ consumer: 'supervisor', name: 'supervisor', version: 0, partition: 0, error }),
      );
    }
  };

  return {
    reader,
    projectors,
    refresh,
    async start() {
      if (supervising) return;
      const identity = await log.identity();
      // Of several versions the newest is built where there is none yet.
      const newestFirst = [...projectors].sort((a, b) => b.version - a.version);
      for (const projector of newestFirst) await ensureFirstBuild(pool, projector, partitions[0]?.of ?? 1, identity);
      await refresh();
      supervising = supervise();
    },
    async stop() {
      ended.abort();
      await supervising;
      await refreshing.catch(() => undefined);
      await Promise.all([...workers.values()].map((worker) => worker.stop()));
      workers.clear();
    },
  };
};
