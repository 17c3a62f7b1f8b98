import { randomUUID } from 'node:crypto';
import type { NewEvent, RecordedEvent } from '#contracts';
import { createLogTailBus, type EventBus } from '#event-bus';
import { createPostgresEventLog, type EventLog, eventLogMigrations } from '#event-log';
import { createTestDatabase, type TestDatabase } from '#testkit';
import type { Pool } from 'pg';
import {
  createProjectionRunner,
  PoisonEvent,
  projectionMigrations,
  type ProjectionContext,
  type ProjectionRunner,
  type ProjectionRunnerOptions,
  type Projector,
} from '../index.js';

// Not a suite of its own: the small read model and the plant that the specs of the engine share.

export type Poison = 'declared' | 'thrown' | 'sql';

export interface TallyData {
  amount: number;
  poison?: Poison;
}

export const tallied = (amount: number, poison?: Poison, schemaVersion = 1): NewEvent<string, TallyData> => ({
  id: randomUUID(),
  type: 'Tallied',
  schemaVersion,
  eventTime: '2026-01-01T00:00:00Z',
  data: { amount, ...(poison && { poison }) },
  meta: { source: 'test', actor: 'test', correlationId: 'test' },
});

export interface TallyOptions {
  version?: number;
  /** Poison events it can apply by now. */
  healed?: { all: boolean };
  /** Called with each event that is applied; what it returns is added to the amount. */
  twist?: (event: RecordedEvent, context: ProjectionContext) => number;
  onApply?: () => void | Promise<void>;
  verify?: Projector['verify'];
}

/**
 * Notes every application of an event (twice would show) and folds each stream into a chain that depends on the order.
 */
export const tallyProjector = (options: TallyOptions = {}): Projector => ({
  name: 'tally',
  version: options.version ?? 1,
  handles: new Map([['Tallied', 1]]),
  async createSchema({ client, schema }) {
    await client.query(`
      CREATE TABLE IF NOT EXISTS ${schema}.entries (seq bigserial, event_id uuid NOT NULL, stream text NOT NULL, amount numeric NOT NULL);
      CREATE TABLE IF NOT EXISTS ${schema}.chains (stream text PRIMARY KEY, n int NOT NULL, chain text NOT NULL);
      CREATE TABLE IF NOT EXISTS ${schema}.incomplete (event_id uuid PRIMARY KEY);`);
  },
  async apply(context, events) {
    const { client, schema } = context;
    await options.onApply?.();
    const rows = (events as RecordedEvent<string, TallyData>[]).map((event) => {
      const poison = options.healed?.all ? undefined : event.data.poison;
      if (poison === 'declared') throw new PoisonEvent(event, new Error('declared poison'));
      if (poison === 'thrown') throw new Error('thrown poison');
      return {
        id: event.id,
        stream: event.stream,
        amount: event.data.amount + (options.twist?.(event, context) ?? 0),
        divisor: poison === 'sql' ? 0 : 1,
      };
    });
    await client.query(
      `INSERT INTO ${schema}.entries (event_id, stream, amount)
       SELECT id, stream, amount / divisor FROM unnest($1::uuid[], $2::text[], $3::numeric[], $4::numeric[]) AS e (id, stream, amount, divisor)`,
      [rows.map((r) => r.id), rows.map((r) => r.stream), rows.map((r) => r.amount), rows.map((r) => r.divisor)],
    );
    await client.query(
      `INSERT INTO ${schema}.chains
       SELECT stream, count(*)::int, string_agg(id::text, ' ' ORDER BY at)
         FROM unnest($1::uuid[], $2::text[]) WITH ORDINALITY AS e (id, stream, at) GROUP BY stream
       ON CONFLICT (stream) DO UPDATE
         SET n = chains.n + excluded.n, chain = md5(chains.chain) || ' ' || excluded.chain`,
      [rows.map((r) => r.id), rows.map((r) => r.stream)],
    );
  },
  async markParked({ client, schema }, events, parked) {
    await client.query(
      parked
        ? `INSERT INTO ${schema}.incomplete SELECT unnest($1::uuid[])`
        : `DELETE FROM ${schema}.incomplete WHERE event_id = ANY ($1::uuid[])`,
      [events.map((event) => event.id)],
    );
  },
  async *export({ client, schema }) {
    for (const [table, columns] of [
      ['entries', 'event_id, stream, amount'],
      ['incomplete', 'event_id'],
    ] as const) {
      const { rows } = await client.query(`SELECT ${columns} FROM ${schema}.${table} ORDER BY event_id`);
      for (const row of rows) yield { table, row: row as unknown };
    }
    const { rows } = await client.query(`SELECT stream, n FROM ${schema}.chains ORDER BY stream COLLATE "C"`);
    for (const row of rows) yield { table: 'chains', row: row as unknown };
  },
  ...(options.verify && { verify: options.verify }),
});

export interface Plant {
  db: TestDatabase;
  pool: Pool;
  log: EventLog;
  bus: EventBus;
  /** Each list is one append to its stream. @returns the position of the last event. */
  append(...streams: [string, NewEvent[]][]): Promise<string>;
  runner(projectors: readonly Projector[], options?: Partial<ProjectionRunnerOptions>): ProjectionRunner;
  close(): Promise<void>;
}

/**
 * A fresh database with the real log and the log-tail bus; closes what was made of it.
 * @param openLog another log than the database's.
 */
export const createPlant = async (openLog?: () => EventLog): Promise<Plant> => {
  const db = await createTestDatabase({ migrations: [...eventLogMigrations, ...projectionMigrations] });
  const log = openLog?.() ?? createPostgresEventLog({ connectionString: db.url });
  const bus = createLogTailBus({ log, keyOf: (event) => event.stream, retry: { firstMs: 5, longestMs: 50 } });
  const runners: ProjectionRunner[] = [];
  return {
    db,
    pool: db.pool,
    log,
    bus,
    async append(...streams) {
      const results = await log.append(streams.map(([stream, events]) => ({ stream, expected: 'any', events })));
      let last = '';
      for (const result of results) {
        if (!result.ok) throw new Error(`append failed: ${JSON.stringify(result)}`);
        for (const { position } of result.recorded) if (position > last) last = position;
      }
      return last;
    },
    runner(projectors, options = {}) {
      const runner = createProjectionRunner({ pool: db.pool, log, bus, projectors, pollMs: 50, ...options });
      runners.push(runner);
      return runner;
    },
    async close() {
      await Promise.all(runners.map((runner) => runner.stop()));
      await bus.close();
      await log.close();
      await db.drop();
    },
  };
};

/** Ids in the order in which each stream was applied, from the rows themselves. */
export const appliedIds = async (pool: Pool, schema: string): Promise<string[]> =>
  (await pool.query<{ event_id: string }>(`SELECT event_id FROM ${schema}.entries ORDER BY seq`)).rows.map(
    (row) => row.event_id,
  );
