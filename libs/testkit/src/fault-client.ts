import type { Pool, PoolClient } from 'pg';

/** What a worker is about to do; awaited before (and after) each statement. Throwing means that the worker is dead. */
export interface StatementHooks {
  /** @param n counts the statements of this pool from 1, over all its connections. */
  before?: (n: number, text: string) => void | Promise<void>;
  /** The statement was carried out or refused; its answer has not reached the worker yet. */
  after?: (n: number, text: string) => void | Promise<void>;
}

type Query = (...args: unknown[]) => unknown;

const textOf = (query: unknown): string => {
  if (typeof query === 'string') return query;
  const { text } = query as { text?: unknown };
  return typeof text === 'string' ? text : '(stream)';
};

/** COPY and cursors: objects that pg drives itself instead of answering with a promise. */
const isSubmittable = (query: unknown): boolean =>
  typeof query === 'object' && query !== null && 'submit' in query && typeof query.submit === 'function';

const onSocketOf = (client: PoolClient, act: (stream: { destroy: () => void }) => void): void => {
  const { connection } = client as unknown as { connection?: { stream?: { destroy: () => void } } };
  if (connection?.stream) act(connection.stream);
};

/**
 * The same pool with a hook at every statement boundary, seen by a worker that takes connections by `connect` or asks
 * `query`. Once a hook throws, the worker is dead: its connections are cut without a word to the server, as by `kill -9`,
 * and nothing it still tries reaches the database. The pool itself goes on for everybody else.
 */
export const hookStatements = (pool: Pool, hooks: StatementHooks): Pool => {
  let count = 0;
  let death: Error | undefined;
  const held = new Set<PoolClient>();

  const die = (error: unknown): never => {
    death ??= error instanceof Error ? error : new Error(String(error));
    for (const client of held) onSocketOf(client, (stream) => stream.destroy());
    throw death;
  };
  const orDie = async (hook: StatementHooks['before'], n: number, text: string): Promise<void> => {
    try {
      await hook?.(n, text);
    } catch (error) {
      die(error);
    }
  };
  const hooked = async (run: Query, args: unknown[]): Promise<unknown> => {
    if (death) throw death;
    count += 1;
    const n = count;
    const text = textOf(args[0]);
    await orDie(hooks.before, n, text);
    try {
      return await run(...args);
    } finally {
      await orDie(hooks.after, n, text);
    }
  };

  const wrapClient = (client: PoolClient): PoolClient =>
    new Proxy(client, {
      get(target, key) {
        if (key === 'query')
          return (...args: unknown[]): unknown => {
            const run = target.query.bind(target) as unknown as Query;
            if (!isSubmittable(args[0])) return hooked(run, args);
            if (death) throw death;
            count += 1;
            return run(...args);
          };
        if (key === 'release')
          return (error?: Error | boolean): void => {
            held.delete(client);
            target.release(death ?? error);
          };
        const value: unknown = Reflect.get(target, key, target);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });

  const connect = async (): Promise<PoolClient> => {
    if (death) throw death;
    const client = await pool.connect();
    held.add(client);
    return wrapClient(client);
  };

  return new Proxy(pool, {
    get(target, key) {
      if (key === 'connect') return connect;
      if (key === 'query')
        return async (...args: unknown[]): Promise<unknown> => {
          const client = await connect();
          // A connection that is cut says so here too.
          client.on('error', () => undefined);
          try {
            return await (client.query as unknown as Query)(...args);
          } finally {
            client.release();
          }
        };
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
};

export class WorkerKilled extends Error {
  constructor(at: string) {
    super(`killed ${at}`);
    this.name = 'WorkerKilled';
  }
}

/**
 * A pool whose worker is killed at its n-th statement.
 * @param when before: the statement is never sent; after: it is carried out (a COMMIT too), but the worker never learns it.
 */
export const failAtStatement = (pool: Pool, n: number, when: 'before' | 'after'): Pool => {
  const kill = (at: number, text: string): void => {
    if (at === n) throw new WorkerKilled(`${when} statement ${n}: ${text.slice(0, 60)}`);
  };
  return hookStatements(pool, when === 'before' ? { before: kill } : { after: kill });
};

export interface StoppedWorker {
  pool: Pool;
  /** Resolves when the worker stands before its n-th statement. */
  reached: Promise<void>;
  /** Lets it go on. */
  release: () => void;
}

/** A pool whose worker stands still before its n-th statement, with all it holds, until it is released. */
export const stopAtStatement = (pool: Pool, n: number): StoppedWorker => {
  let reach: () => void = () => undefined;
  let release: () => void = () => undefined;
  const reached = new Promise<void>((resolve) => (reach = resolve));
  const released = new Promise<void>((resolve) => (release = resolve));
  return {
    pool: hookStatements(pool, {
      before: async (at) => {
        if (at !== n) return;
        reach();
        await released;
      },
    }),
    reached,
    release,
  };
};
