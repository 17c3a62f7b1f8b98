/**
 * How fast the fact store applies recorded events in batches of 1,000: lots are made, transformed, packed into units and
 * shipped, each in the order in which a plant reports it, so that one batch goes on with what the one before began. Runs
 * in one transaction a batch on the PostgreSQL of DATABASE_URL (its schema `bench_facts` is replaced), else on an embedded
 * one in a temporary directory.
 *
 *   node --import ./libs/testkit/src/run-ts/register.mjs bench/fact-store-apply.ts [batches] [events a batch] [--statements]
 */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../libs/platform/src/postgres/embedded.js';
import { createFactStore } from '../libs/traceability/src/index.js';
import { recordedEvent } from './plant-facts.js';

const numbers = process.argv.slice(2).filter((arg) => !arg.startsWith('--'));
const BATCHES = Number(numbers[0] ?? 10);
const BATCH = Number(numbers[1] ?? 1_000);
const WARM_UP = 2;
const SCHEMA = 'bench_facts';

interface Cost {
  calls: number;
  ms: number;
}

/** Processor time of the server process of a connection in ms (Linux); 0 where it runs on another machine. */
const serverTime = (pid: number): number => {
  try {
    if (!readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('postgres')) return 0;
    return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
  } catch {
    return 0;
  }
};

/** Counts statements, and the server's processor time for each kind of them: they are sent one at a time. */
const counting = (client: pg.PoolClient, pid: number, costs: Map<string, Cost>): pg.PoolClient => {
  let before: Promise<unknown> = Promise.resolve();
  const one = async (...statement: [string | { text: string }, ...unknown[]]): Promise<unknown> => {
    const [first] = statement;
    const text = (typeof first === 'string' ? first : first.text).replace(/\s+/g, ' ').trim();
    const cost = costs.get(text) ?? { calls: 0, ms: 0 };
    costs.set(text, cost);
    const from = serverTime(pid);
    try {
      return await (client.query as (...of: unknown[]) => Promise<unknown>).apply(client, statement);
    } finally {
      cost.calls += 1;
      cost.ms += serverTime(pid) - from;
    }
  };
  const query = (...statement: [string | { text: string }, ...unknown[]]): Promise<unknown> => {
    const now = before.then(() => one(...statement));
    before = now.catch(() => undefined);
    return now;
  };
  return new Proxy(client, {
    get: (target, name, receiver): unknown => (name === 'query' ? query : Reflect.get(target, name, receiver)),
  });
};

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const measure = async (pool: pg.Pool): Promise<void> => {
  const store = createFactStore({ schema: SCHEMA });
  const client = await pool.connect();
  try {
    await client.query(`DROP SCHEMA IF EXISTS ${SCHEMA} CASCADE; CREATE SCHEMA ${SCHEMA}`);
    await store.createSchema(client);
    const costs = new Map<string, Cost>();
    const pid = (await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]?.pid ?? 0;
    const byStatement = process.argv.includes('--statements');
    const counted = byStatement ? counting(client, pid, costs) : client;
    const log = Array.from({ length: (WARM_UP + BATCHES) * BATCH }, (_, n) => recordedEvent(n));
    const apply = async (batch: number): Promise<void> => {
      const events = log.slice(batch * BATCH, (batch + 1) * BATCH);
      await client.query('BEGIN');
      await store.apply(counted, events);
      await client.query('COMMIT');
    };
    for (let batch = 0; batch < WARM_UP; batch++) await apply(batch);
    costs.clear();
    const server = serverTime(pid);
    const cpu = process.cpuUsage();
    const start = performance.now();
    for (let batch = WARM_UP; batch < WARM_UP + BATCHES; batch++) await apply(batch);
    const seconds = (performance.now() - start) / 1_000;
    const { user, system } = process.cpuUsage(cpu);
    const busy = serverTime(pid) - server;
    const events = BATCHES * BATCH;
    print(
      `${BATCHES} x ${BATCH} events in ${seconds.toFixed(2)} s: ${Math.round(events / seconds)} events/s; ` +
        `${((user + system) / events / 1_000).toFixed(3)} ms of processor time an event here, ` +
        `${(busy / events).toFixed(3)} in the server`,
    );
    if (byStatement)
      for (const [text, { calls, ms }] of [...costs].sort(([, a], [, b]) => b.ms - a.ms))
        print(
          `${(ms / BATCHES).toFixed(1)} ms of the server a batch, ${(calls / BATCHES).toFixed(1)} calls: ${text.slice(0, 140)}`,
        );
  } finally {
    client.release();
  }
};

const withDatabase = async (work: (url: string) => Promise<void>): Promise<void> => {
  const given = process.env.DATABASE_URL;
  if (given !== undefined) return work(given);
  const directory = await mkdtemp(join(tmpdir(), 'lotline-bench-'));
  const silent = (): undefined => undefined;
  const server = await startEmbeddedPostgres({
    dataDir: join(directory, 'postgres'),
    log: { info: silent, warn: silent },
  });
  try {
    await work(server.url);
  } finally {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  }
};

await withDatabase(async (url) => {
  const pool = new pg.Pool({ connectionString: url });
  try {
    await measure(pool);
  } finally {
    await pool.end();
  }
});
