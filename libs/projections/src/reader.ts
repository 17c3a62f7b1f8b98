import { setTimeout as delay } from 'node:timers/promises';
import { LotlineError, notFound } from '#kernel';
import type { Pool } from 'pg';
import { readActive } from './store/builds.js';

/** What queries need of read models, in any process that reaches their database. */
export interface ProjectionReader {
  /** Schema of the build that serves; cached for a second, a switch made in this process counts at once. @throws LotlineError `projection-unknown` (404). */
  activeSchema(projection: string): Promise<string>;
  /** Everything up to here is in the read model: the lowest of its partitions. '' before it started. */
  position(projection: string): Promise<string>;
  /** @returns whether the read model contained `minPosition` within `timeoutMs`, and where it stood at last. */
  reached(projection: string, minPosition: string, timeoutMs: number): Promise<{ reached: boolean; position: string }>;
  /**
   * @returns the position reached, which is `minPosition` or later.
   * @throws LotlineError `projection-behind` (kind "behind": 503) with `retryAfter` (seconds), `position` and `minPosition`.
   */
  waitFor(projection: string, minPosition: string, timeoutMs: number): Promise<string>;
  /** Told by a worker of this process after a commit, so that nobody waits for the next poll. */
  notify(projection: string): void;
  /** Told after a switch in this process. */
  invalidate(projection: string): void;
}

interface Waiter {
  min: string;
  done: (position: string) => void;
}

interface Watch {
  waiters: Set<Waiter>;
  /** Ends the pause between two looks. */
  wake: () => void;
  last: string;
}

const CACHE_MS = 1_000;

/** @param options.pollMs between two looks while somebody waits and nobody notifies; default 25 ms. */
export const createProjectionReader = (options: { pool: Pool; pollMs?: number }): ProjectionReader => {
  const { pool, pollMs = 25 } = options;
  const schemas = new Map<string, { schema: Promise<string>; until: number }>();
  const watches = new Map<string, Watch>();

  const position = async (projection: string): Promise<string> => {
    const { rows } = await pool.query<{ position: string | null }>(
      `SELECT min(c.position) AS position FROM projections.active a
         JOIN projections.checkpoints c ON c.consumer = a.schema WHERE a.projection = $1`,
      [projection],
    );
    return rows[0]?.position ?? '';
  };

  const schemaOf = async (projection: string): Promise<string> => {
    const active = await readActive(pool, projection);
    if (!active) throw notFound('projection-unknown', `there is no read model "${projection}"`);
    return active.schema;
  };

  /** One look serves all who wait for the same read model. */
  const look = async (projection: string, watch: Watch): Promise<void> => {
    while (watch.waiters.size > 0) {
      const pause = new AbortController();
      watch.wake = () => pause.abort();
      // A database that cannot be asked is like a read model that does not move: the waiters' bound ends it.
      watch.last = await position(projection).catch(() => watch.last);
      for (const waiter of watch.waiters)
        if (watch.last >= waiter.min) {
          watch.waiters.delete(waiter);
          waiter.done(watch.last);
        }
      if (watch.waiters.size > 0) await delay(pollMs, undefined, { signal: pause.signal }).catch(() => undefined);
    }
    watches.delete(projection);
  };

  const reached: ProjectionReader['reached'] = async (projection, minPosition, timeoutMs) => {
    const now = await position(projection);
    if (now >= minPosition) return { reached: true, position: now };
    return new Promise((resolve) => {
      const isNew = !watches.has(projection);
      const watch = watches.get(projection) ?? { waiters: new Set(), wake: () => undefined, last: now };
      const waiter: Waiter = {
        min: minPosition,
        done: (at) => {
          clearTimeout(bound);
          resolve({ reached: true, position: at });
        },
      };
      const bound = setTimeout(() => {
        watch.waiters.delete(waiter);
        resolve({ reached: false, position: watch.last });
      }, timeoutMs);
      watch.waiters.add(waiter);
      watches.set(projection, watch);
      if (isNew) void look(projection, watch);
    });
  };

  return {
    position,
    reached,
    async waitFor(projection, minPosition, timeoutMs) {
      const result = await reached(projection, minPosition, timeoutMs);
      if (result.reached) return result.position;
      throw new LotlineError(
        'behind',
        'projection-behind',
        `the read model "${projection}" has not reached ${minPosition} yet`,
        [],
        { retryAfter: 1, position: result.position, minPosition },
      );
    },
    activeSchema(projection) {
      const cached = schemas.get(projection);
      if (cached && cached.until > Date.now()) return cached.schema;
      const schema = schemaOf(projection);
      schemas.set(projection, { schema, until: Date.now() + CACHE_MS });
      schema.catch(() => schemas.delete(projection));
      return schema;
    },
    notify: (projection) => watches.get(projection)?.wake(),
    invalidate: (projection) => void schemas.delete(projection),
  };
};
