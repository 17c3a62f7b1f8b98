/**
 * Processor time an event that a genealogy worker takes for what comes by Kafka, where the log is divided into 1, 2 and 4
 * partitions: one process of the product, the same facts each time. Time of the process (user and system) and of its
 * PostgreSQL sessions; the clock is printed beside it, but says little where others use the machine. The rounds go 1, 2, 4,
 * 1, 2, 4 …; the median of each is compared with that of 1 partition. Linux only. Needs servers that run:
 *
 *   LOTLINE_TEST_KAFKA=127.0.0.1:19092 LOTLINE_TEST_REDIS=redis://127.0.0.1:6379 LOTLINE_TEST_DATABASE_URL=postgres://… \
 *     node --import ./libs/testkit/src/run-ts/register.mjs bench/kafka-worker.ts [events] [rounds] [--profile DIR]
 */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { alertTopicOf, logTopics, type Topic, topicName, topicOf, topics } from '#contracts';
import { createKafkaConnection, createKafkaPublisher, createTopics } from '#event-bus';
import { createPostgresEventLog, type EventLog } from '#event-log';
import { createLogger, migrateDatabase, readConfig } from '#platform';
import { InstallationModule } from '../apps/standalone/src/installation.module.js';
import { keyOf } from '../libs/platform/src/infrastructure/key-of.js';
// Not by #testkit: that needs Jest.
import { createTestDatabase, type TestDatabase } from '../libs/testkit/src/postgres.js';
import { spawnTs } from '../libs/testkit/src/run-ts/spawn-ts.js';
import { recordedEvent } from './plant-facts.js';

const { values, positionals } = parseArgs({
  options: { profile: { type: 'string' } },
  allowPositionals: true,
});
const EVENTS = Number(positionals[0] ?? 10_000);
const ROUNDS = Number(positionals[1] ?? 3);
const WARM_UP = 3_000;
const PAGE = 1_000;
const DIVISIONS = [1, 2, 4] as const;

const brokers = process.env.LOTLINE_TEST_KAFKA ?? '127.0.0.1:9092';
const kafka = createKafkaConnection({ brokers: [brokers], clientId: 'bench' });
const admin = kafka.client().admin();
const logger = createLogger({ level: 'fatal', name: 'bench' });

/** Seconds of a process so far. */
const processorTime = async (pid: number): Promise<number> => {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
};

/** Seconds of the sessions that the worker has open, 0 where the server runs on another machine. */
const sessionsTime = async ({ pool }: TestDatabase, own: ReadonlySet<number>): Promise<number> => {
  const { rows } = await pool.query<{ pid: number }>(
    'SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
  );
  const times = rows
    .filter(({ pid }) => !own.has(pid))
    .map(({ pid }) => readFile(`/proc/${pid}/schedstat`, 'utf8').then((text) => Number(text.split(' ')[0]) / 1e9));
  return (await Promise.all(times.map((time) => time.catch(() => 0)))).reduce((a, b) => a + b, 0);
};

const record = async (log: EventLog, from: number, count: number): Promise<void> => {
  for (let first = from; first < from + count; first += PAGE) {
    const events = Array.from({ length: Math.min(PAGE, from + count - first) }, (_, n) => recordedEvent(first + n));
    await log.append(
      events.map(({ stream, revision: _revision, position: _position, recordTime: _recordTime, ...event }) => ({
        ...{ stream, expected: 'any', events: [event] },
      })),
    );
  }
};

interface Cost {
  worker: number;
  postgres: number;
  seconds: number;
}

const measure = async (partitions: number): Promise<Cost> => {
  const prefix = `bench-${randomUUID()}`;
  const named = (topic: Topic): string => topicName(prefix, topic);
  const names = topics.map(named);
  const database = await createTestDatabase();
  const settings = {
    LOTLINE_PROFILE: 'cluster',
    DATABASE_URL: database.url,
    KAFKA_BROKERS: brokers,
    REDIS_URL: process.env.LOTLINE_TEST_REDIS ?? 'redis://127.0.0.1:6379',
    LOTLINE_TOPIC_PREFIX: prefix,
    LOTLINE_API_KEYS: `bench ${'0'.repeat(64)} *`,
    LOTLINE_SERVICE_KEY: 'bench',
    PUBLIC_URL: 'http://127.0.0.1:9',
    HOST: '127.0.0.1',
    PORT: '0',
    LOG_LEVEL: 'info',
  };
  await migrateDatabase(InstallationModule, readConfig(settings), logger);
  await createTopics(
    admin,
    names.map((topic) => ({ topic, partitions, replicationFactor: 1, configs: {} })),
  );
  const log = createPostgresEventLog({ connectionString: database.url });
  const publisher = createKafkaPublisher({
    kafka,
    keyOf,
    logTopics: logTopics.map(named),
    topicOf: (event) => {
      const alerts = alertTopicOf(event);
      return [named(topicOf(event)), ...(alerts ? [named(alerts)] : [])];
    },
  });
  const identity = await log.identity();
  const worker = spawnTs(new URL('../apps/genealogy/src/main.ts', import.meta.url), [], {
    ...settings,
    ...(values.profile !== undefined && {
      NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${values.profile} --cpu-prof-name=${partitions}-${Date.now()}.cpuprofile`,
    }),
  });

  let position = '';
  /** Publishes so many more and waits until they are applied. */
  const publishAndWait = async (count: number): Promise<void> => {
    for (let left = count; left > 0;) {
      const page = await log.readAll({ after: position, max: Math.min(PAGE, left) });
      await publisher.publish({ events: page.events, after: position, position: page.position, log: identity });
      left -= page.events.length;
      position = page.position;
    }
    const reached = async (): Promise<string> =>
      (
        await database.pool.query<{ position: string | null }>(
          `SELECT min(position) AS position FROM projections.checkpoints WHERE consumer = 'genealogy_v2'`,
        )
      ).rows[0]?.position ?? '';
    while ((await reached()) < position) await sleep(50);
  };

  try {
    await worker.line(/listens on http/);
    // It begins with the log, to its end; what is recorded from then on comes by Kafka alone.
    await record(log, 0, WARM_UP);
    await publishAndWait(WARM_UP);
    await record(log, WARM_UP, EVENTS);
    const pid = worker.process.pid ?? 0;
    const { rows } = await database.pool.query<{ pid: number }>(
      `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%log.events%'`,
    );
    const own = new Set(rows.map((row) => row.pid));
    const [cpu, sessions] = [await processorTime(pid), await sessionsTime(database, own)];
    const began = performance.now();
    await publishAndWait(EVENTS);
    const seconds = (performance.now() - began) / 1_000;
    return {
      worker: (await processorTime(pid)) - cpu,
      postgres: (await sessionsTime(database, own)) - sessions,
      seconds,
    };
  } finally {
    worker.process.kill('SIGTERM');
    await worker.ended;
    await publisher.close();
    await log.close();
    await admin.deleteTopics({ topics: names });
    await database.drop();
  }
};

const median = (numbers: readonly number[]): number => [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? 0;

await admin.connect();
const costs = new Map<number, Cost[]>(DIVISIONS.map((partitions) => [partitions, []]));
for (let round = 0; round < ROUNDS; round++)
  for (const partitions of DIVISIONS) costs.get(partitions)?.push(await measure(partitions));
await admin.disconnect();

const micros = (partitions: number, of: (cost: Cost) => number): number =>
  (median((costs.get(partitions) ?? []).map(of)) / EVENTS) * 1e6;
for (const partitions of DIVISIONS) {
  const [worker, postgres] = [micros(partitions, (cost) => cost.worker), micros(partitions, (cost) => cost.postgres)];
  const ratio = worker / micros(1, (cost) => cost.worker);
  const whole = (worker + postgres) / (micros(1, (cost) => cost.worker) + micros(1, (cost) => cost.postgres));
  const rate = Math.round(1e6 / micros(partitions, (cost) => cost.seconds));
  process.stdout.write(
    `${partitions} partitions: ${worker.toFixed(0)} us of the worker an event (x ${ratio.toFixed(2)}), ` +
      `${postgres.toFixed(0)} us of PostgreSQL (both x ${whole.toFixed(2)}), ${rate} events/s by the clock\n`,
  );
}
