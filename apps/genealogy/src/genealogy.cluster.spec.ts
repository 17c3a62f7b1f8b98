import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pino from 'pino';
import { topics, topicName } from '#contracts';
import { createKafkaConnection, createTopics } from '#event-bus';
import { type RunningApp, startApp } from '#platform';
import { createTestDatabase, testKafka, testRedis, type TestDatabase } from '#testkit';
import { GenealogyModule } from './genealogy.module.js';
import { genealogyProjector } from './read-model/genealogy-projector.js';
import { recordSeafood } from './seafood.fixture.js';

const PARTITIONS = 4;
const KEY = 'a-key-for-this-test';
const COMMINGLE = 'urn:gdst:example.org:product:lot:class:processor.10u.commingle-01232022';
const logger = pino({ level: 'silent' });

describe('genealogy as processes of a cluster', () => {
  const prefix = `t-${randomUUID()}`;
  const names = topics.map((topic) => topicName(prefix, topic));
  const admin = createKafkaConnection({ brokers: [testKafka()], clientId: 'test' })
    .client()
    .admin();
  let clustered: TestDatabase;
  let alone: TestDatabase;
  const running: RunningApp[] = [];
  let published = '';

  const worker = async (migrate: boolean): Promise<RunningApp> => {
    const app = await startApp(GenealogyModule, {
      name: 'genealogy',
      env: {
        LOTLINE_PROFILE: 'cluster',
        DATABASE_URL: clustered.url,
        KAFKA_BROKERS: testKafka(),
        REDIS_URL: testRedis(),
        LOTLINE_TOPIC_PREFIX: prefix,
        LOTLINE_KAFKA_SESSION_TIMEOUT_MS: '6000',
        LOTLINE_API_KEYS: `test ${createHash('sha256').update(KEY).digest('hex')} *`,
        LOTLINE_SERVICE_KEY: KEY,
        // Nobody serves inventory here.
        PUBLIC_URL: 'http://127.0.0.1:9',
        LOTLINE_MIGRATE: String(migrate),
        LOTLINE_MIN_POSITION_WAIT_MS: '60000',
        PORT: '0',
      },
      logger,
    });
    running.push(app);
    return app;
  };
  /** What the relay does. */
  const publish = async ({ infrastructure: { log, publisher } }: RunningApp): Promise<void> => {
    const { events, position } = await log.readAll({ after: published, max: 10_000 });
    await publisher.publish({ events, after: published, position, log: await log.identity() });
    published = position;
  };
  const ask = async ({ url }: RunningApp, path: string): Promise<{ status: number; text: string; body: any }> => {
    const response = await fetch(url + path, { headers: { authorization: `Bearer ${KEY}` } });
    const text = await response.text();
    return { status: response.status, text, body: text.startsWith('{') ? JSON.parse(text) : undefined };
  };
  const trace = `/genealogy/trace?direction=both&lot=${encodeURIComponent(COMMINGLE)}`;

  beforeAll(async () => {
    [clustered, alone] = await Promise.all([createTestDatabase(), createTestDatabase()]);
    await admin.connect();
    const wanted = (topic: string) => ({ topic, partitions: PARTITIONS, replicationFactor: 1, configs: {} });
    await createTopics(admin, names.map(wanted));
    await worker(true);
    await worker(false);
  });
  afterAll(async () => {
    await Promise.all(running.map((app) => app.stop()));
    await admin.deleteTopics({ topics: names });
    await admin.disconnect();
    await Promise.all([clustered.drop(), alone.drop()]);
  });

  it('answer as one process does, whichever of them is asked', async () => {
    const [first, second] = running as [RunningApp, RunningApp];
    await recordSeafood(first.infrastructure.log);
    await publish(first);
    const standalone = await startApp(GenealogyModule, {
      name: 'genealogy',
      env: { DATABASE_URL: alone.url, PORT: '0', LOTLINE_MIN_POSITION_WAIT_MS: '60000' },
      logger,
    });
    try {
      await recordSeafood(standalone.infrastructure.log);
      const expected = await ask(standalone, `${trace}&minPosition=${await standalone.infrastructure.log.head()}`);
      expect([expected.status, expected.body.back.lots.length > 0]).toEqual([200, true]);
      for (const app of [first, second]) {
        const { status, body } = await ask(app, `${trace}&minPosition=${published}`);
        expect([status, body]).toEqual([200, expected.body]);
      }
    } finally {
      await standalone.stop();
    }
  });

  it('tell which servers they work with, and how far they are behind in Kafka', async () => {
    const [first] = running as [RunningApp];
    const up = { process: 'up', database: 'up', log: 'up', projections: 'up', broker: 'up', redis: 'up' };
    expect((await ask(first, '/health/ready')).body).toEqual({ status: 'up', checks: up });
    const metrics = (await ask(first, '/metrics')).text;
    expect(metrics).toContain('lotline_server_up{server="broker"} 1');
    expect(metrics).toContain(
      `lotline_kafka_consumer_lag_records{group="${prefix}.genealogy_v${genealogyProjector.version}",topic="${names[0] ?? ''}",partition="0"}`,
    );
  });

  it('go on where the other stood when it is stopped, and lose and double nothing', async () => {
    const [first, second] = running as [RunningApp, RunningApp];
    await first.stop();
    const { log } = second.infrastructure;
    await log.append([
      {
        stream: `master-${randomUUID()}`,
        expected: 'no-stream',
        events: [
          {
            id: randomUUID(),
            type: 'MasterDataCaptured',
            schemaVersion: 1,
            eventTime: '2026-01-01T00:00:00Z',
            data: { id: 'urn:test:place', kind: 'location', attributes: [], statedAt: '2026-01-01T00:00:00Z' },
            meta: { source: 'urn:test', actor: 'test', correlationId: 'test' },
          },
        ],
      },
    ]);
    await publish(second);
    const { status, body } = await ask(second, `${trace}&minPosition=${published}`);
    expect([status, body.position >= published]).toEqual([200, true]);
    const states = await clustered.pool.query<{ consumer: string; parts: number }>(
      `SELECT consumer, count(*)::int AS parts FROM projections.checkpoints WHERE position >= $1 GROUP BY consumer`,
      [published],
    );
    expect(states.rows).toEqual([{ consumer: `genealogy_v${genealogyProjector.version}`, parts: PARTITIONS }]);
    expect((await clustered.pool.query('SELECT 1 FROM projections.parked')).rows).toEqual([]);
  });
});
