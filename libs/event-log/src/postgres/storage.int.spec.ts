import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '#testkit';
import { collect, readEverything } from '../contract/collect.js';
import { appendOf, event, record } from '../contract/sample-events.js';
import type { EventLog } from '../port.js';
import { createPostgresEventLog, eventLogMigrations, type PostgresEventLogOptions, raiseEpoch } from './index.js';

describe('the log in PostgreSQL', () => {
  let database: TestDatabase;
  const opened: EventLog[] = [];
  beforeEach(async () => {
    database = await createTestDatabase({ migrations: eventLogMigrations });
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((log) => log.close()));
    await database.drop();
  });
  const open = (options: PostgresEventLogOptions = {}): EventLog => {
    const log = createPostgresEventLog({ connectionString: database.url, ...options });
    opened.push(log);
    return log;
  };

  it('makes partitions ahead of need while several instances write, and reads across them', async () => {
    await database.pool.query('UPDATE log.tail SET partition_size = 16');
    const logs = [open(), open(), open()];
    await Promise.all(
      logs.map(async (log, n) => {
        for (let i = 0; i < 30; i += 1) await record(log, `s-${n}`, [event(), event()]);
      }),
    );
    await record(
      logs[0]!,
      'large',
      Array.from({ length: 100 }, () => event()),
    );
    const events = await readEverything(logs[0]!, 50);
    expect(events.map((one) => Number(one.position))).toEqual(Array.from({ length: 280 }, (_, i) => i + 1));
    expect(await logs[1]!.readStream('s-2')).toHaveLength(60);
    const { rows } = await database.pool.query<{ n: number; rows: number }>(
      `SELECT (SELECT count(*)::int FROM pg_inherits WHERE inhparent = 'log.events'::regclass) AS n,
              (SELECT partitioned_to::int FROM log.tail) AS rows`,
    );
    expect(rows[0]!.n * 16 + 1).toBe(rows[0]!.rows);
    expect(rows[0]!.rows).toBeGreaterThan(280 + 8);
  });

  it('extends the log under a long reader without waiting for it', async () => {
    await database.pool.query('UPDATE log.tail SET partition_size = 4');
    const log = open();
    await record(log, 'a', [event()]);
    const reader = await database.pool.connect();
    try {
      await reader.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM log.events');
      for (let i = 0; i < 20; i += 1) await record(log, 'a', [event()]);
      const { rows } = await reader.query('SELECT count(*)::int AS n FROM log.events');
      expect(rows).toEqual([{ n: 1 }]);
      await reader.query('COMMIT');
    } finally {
      reader.release();
    }
  });

  it('never sets record time back, whatever the clocks of the writers say', async () => {
    let now = Date.parse('2026-01-01T00:00:00.500Z');
    const ahead = open({ clock: () => new Date(now) });
    const behind = open({ clock: () => new Date(now - 3_600_000) });
    const time = async (log: EventLog) => (await record(log, 'a', [event()]))[0]!.recordTime;
    expect(await time(ahead)).toBe('2026-01-01T00:00:00.500Z');
    expect(await time(behind)).toBe('2026-01-01T00:00:00.500Z');
    now += 1;
    expect(await time(ahead)).toBe('2026-01-01T00:00:00.501Z');
    now -= 86_400_000;
    expect(await time(ahead)).toBe('2026-01-01T00:00:00.501Z');
    expect((await ahead.readStream('a')).at(-1)!.recordTime).toBe('2026-01-01T00:00:00.501Z');
    expect((await time(open())) > '2026-01-01T00:00:00.501Z').toBe(true);
  });

  it('lets an append that PostgreSQL cannot store fail alone', async () => {
    const log = open();
    // Beyond what an index row can hold, and without repetition that compression could use.
    const unstorable = Array.from({ length: 9_000 }, (_, i) =>
      String.fromCodePoint(0x4e00 + ((i * 7919) % 20_000)),
    ).join('');
    const settled = await Promise.allSettled([
      log.append([appendOf('a', [event()])]),
      log.append([appendOf('b', [event()]), appendOf(unstorable, [event()]), appendOf('c', [event()])]),
      log.append([appendOf('d', [event()])]),
    ]);
    expect(settled.map((one) => one.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(settled[1]).toMatchObject({ reason: { kind: 'malformed', code: 'append-rejected' } });
    const events = await readEverything(log);
    expect(events.map((one) => one.stream).sort()).toEqual(['a', 'b', 'c', 'd']);
    expect(events.map((one) => Number(one.position))).toEqual([1, 2, 3, 4]);
  });

  it('refuses more than may wait, takes one large call when nothing waits, and goes on', async () => {
    const log = open({ maxQueuedEvents: 10 });
    const large = log.append([
      appendOf(
        'large',
        Array.from({ length: 50 }, () => event()),
      ),
    ]);
    await expect(log.append([appendOf('b', [event()])])).rejects.toMatchObject({
      kind: 'unavailable',
      code: 'log-overloaded',
    });
    expect((await large).every((result) => result.ok)).toBe(true);
    expect(await record(log, 'b', [event()])).toHaveLength(1);
  });

  it('finds new events by looking where no notification comes', async () => {
    const reader = open({ pollInterval: 20 });
    const follower = collect(reader, 1);
    // What another writer would do, but without telling.
    const writer = await database.pool.connect();
    try {
      await record(open(), 'other', [event()]);
      expect(await follower).toHaveLength(1);
      const next = collect(reader, 1, { after: await reader.head() });
      await writer.query(`INSERT INTO log.streams VALUES ('silent', 2, 0);
        INSERT INTO log.events SELECT 2, 2, now(), 0, 1, gen_random_uuid(), 'T', '2026-01-01T00:00:00Z', '{}', '{}';
        UPDATE log.tail SET position = 2`);
      expect((await next).map((one) => one.stream)).toEqual(['silent']);
    } finally {
      writer.release();
    }
  });

  it('keeps its id and raises its epoch on demand, visible to whoever has it open', async () => {
    const log = open();
    const before = await log.identity();
    const client = await database.pool.connect();
    try {
      expect(await raiseEpoch(client)).toEqual({ logId: before.logId, epoch: before.epoch + 1 });
    } finally {
      client.release();
    }
    expect(await log.identity()).toEqual({ logId: before.logId, epoch: before.epoch + 1 });
  });

  it('works on the pool of its caller and leaves it open', async () => {
    const log = createPostgresEventLog({ pool: database.pool });
    await record(log, 'a', [event()]);
    expect(await collect(log, 1)).toHaveLength(1);
    await log.close();
    expect((await database.pool.query('SELECT position::int FROM log.tail')).rows).toEqual([{ position: 1 }]);
  });

  it('says at once that the schema is missing', async () => {
    const empty = await createTestDatabase();
    const log = createPostgresEventLog({ connectionString: empty.url });
    await expect(log.append([appendOf('a', [event()])])).rejects.toThrow('relation "log.tail" does not exist');
    await log.close();
    await empty.drop();
  });

  it('goes on without a writer that froze while it held the lock', async () => {
    await database.pool.query(`ALTER DATABASE ${new URL(database.url).pathname.slice(1)} SET lock_timeout = '30s'`);
    const frozen = await database.pool.connect();
    try {
      await frozen.query(`SET idle_in_transaction_session_timeout = 200; BEGIN; SELECT FROM log.tail FOR UPDATE`);
      frozen.on('error', () => undefined);
      expect(await record(open(), 'a', [event()])).toHaveLength(1);
    } finally {
      frozen.release(true);
    }
  });
});
