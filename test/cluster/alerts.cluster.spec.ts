import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import pino from 'pino';
import { parse } from 'yaml';
import { EXPIRY_ALERTS_TOPIC, RECALL_ALERTS_TOPIC, type RecordedEvent, topicName, topics } from '#contracts';
import { consumeRecords, createKafkaConnection, createTopics, type InboundRecord } from '#event-bus';
import { type RunningApp, startApp } from '#platform';
import { createTestDatabase, type RunningTs, spawnTs, type TestDatabase, testKafka, testRedis } from '#testkit';
import { CaptureModule } from '../../apps/capture/src/capture.module.js';
import { ExpiryModule } from '../../apps/expiry/src/expiry.module.js';
import { GenealogyModule } from '../../apps/genealogy/src/genealogy.module.js';
import { InventoryModule } from '../../apps/inventory/src/inventory.module.js';
import { RecallsModule } from '../../apps/recalls/src/recalls.module.js';
import { freePort } from '../../libs/platform/src/postgres/embedded/free-port.js';
import { apiOf, until } from '../support/start-standalone.js';

/** What raises alerts, in one process; the relay that publishes them has its own, to be killed. */
@Module({ imports: [CaptureModule, InventoryModule, GenealogyModule, RecallsModule, ExpiryModule] })
class PlantModule {}

const KEY = 'a-key-for-this-test';
const MILK = 'https://id.gs1.org/01/09506000134352';
const PLANT = 'https://id.gs1.org/414/9506000100016';
const DAIRY = 'https://id.gs1.org/417/9506000100016';
const SHOPS = ['https://id.gs1.org/417/9506000300034', 'https://id.gs1.org/417/9506000300041'];
const PARTITIONS = 3;
const relayMain = new URL('../../apps/relay/src/main.ts', import.meta.url);
const subscriberFile = fileURLToPath(new URL('../../examples/alert-subscriber.mjs', import.meta.url));

const documented = new Ajv({ strict: false, allErrors: true });
formats.default(documented);
documented.addSchema(parse(await readFile('docs/asyncapi.yaml', 'utf8')), 'asyncapi');
const problemsOf = (pointer: string, value: unknown): unknown[] => {
  const validate = documented.getSchema(`asyncapi#/components/messages/${pointer}`)!;
  return validate(value) ? [] : validate.errors!;
};

describe('alerts on their topics', () => {
  const prefix = `t-${randomUUID()}`;
  const kafka = createKafkaConnection({ brokers: [testKafka()], clientId: 'test' });
  const admin = kafka.client().admin();
  const alertTopics = [RECALL_ALERTS_TOPIC, EXPIRY_ALERTS_TOPIC].map((topic) => topicName(prefix, topic));
  let directory: string;
  let database: TestDatabase;
  let settings: Record<string, string>;
  let plant: RunningApp;
  let relay: RunningTs;
  let subscriber: ChildProcess;
  let now = new Date('2026-05-01T12:00:00Z');
  let recallCase = '';

  const startRelay = async (): Promise<void> => {
    relay = spawnTs(relayMain, [], { ...settings, PORT: '0', LOG_LEVEL: 'info' });
    await relay.line(/listens on/);
  };
  const startSubscriber = (): void => {
    subscriber = spawn(process.execPath, [subscriberFile, join(directory, 'alerts.jsonl')], {
      stdio: 'inherit',
      env: {
        ...process.env,
        NODE_OPTIONS: '',
        KAFKA_BROKERS: testKafka(),
        TOPIC_PREFIX: prefix,
        GROUP: `${prefix}-shop`,
      },
    });
  };
  const kill = async (process: ChildProcess): Promise<void> => {
    if (process.exitCode !== null || process.signalCode !== null) return;
    process.kill('SIGKILL');
    await once(process, 'close');
  };

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'lotline-alerts-'));
    database = await createTestDatabase();
    await admin.connect();
    const wanted = (topic: string) => ({ topic, partitions: PARTITIONS, replicationFactor: 1, configs: {} });
    await createTopics(
      admin,
      topics.map((topic) => wanted(topicName(prefix, topic))),
    );
    const port = String(await freePort());
    settings = {
      LOTLINE_PROFILE: 'cluster',
      DATABASE_URL: database.url,
      KAFKA_BROKERS: testKafka(),
      REDIS_URL: testRedis(),
      LOTLINE_TOPIC_PREFIX: prefix,
      LOTLINE_KAFKA_SESSION_TIMEOUT_MS: '6000',
      LOTLINE_API_KEYS: `test ${createHash('sha256').update(KEY).digest('hex')} *`,
      LOTLINE_SERVICE_KEY: KEY,
      LOTLINE_MIGRATE: 'true',
      LOTLINE_EXPIRY_LEADS: '7, 0',
      LOTLINE_OWN_PARTIES: DAIRY,
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      PORT: port,
    };
    const logger = pino({ level: process.env.LOG_LEVEL ?? 'silent' });
    plant = await startApp(PlantModule, { name: 'plant', env: settings, clock: () => now, logger });
    await startRelay();
    startSubscriber();
  });
  afterAll(async () => {
    await Promise.all([kill(subscriber), relay.kill(), plant.stop()]);
    await admin.deleteTopics({ topics: topics.map((topic) => topicName(prefix, topic)) });
    await admin.disconnect();
    await database.drop();
    await rm(directory, { recursive: true, force: true });
  });

  const post = async (path: string, body: unknown): Promise<any> => {
    const answer = await apiOf(plant.url)('POST', path, { body, headers: { authorization: `Bearer ${KEY}` } });
    expect([path, answer.status < 300 ? '' : answer.body]).toEqual([path, '']);
    return answer.body;
  };
  const fact = (event: Record<string, unknown>): Promise<unknown> =>
    post('/epcis/events', {
      '@context': ['https://ref.gs1.org/standards/epcis/epcis-context.jsonld'],
      eventID: `urn:uuid:${randomUUID()}`,
      eventTime: '2026-04-20T08:00:00Z',
      eventTimeZoneOffset: '+00:00',
      bizLocation: { id: PLANT },
      ...event,
    });
  const quantityList = (lot: string, quantity: number) => [{ epcClass: lot, quantity, uom: 'KGM' }];
  const shipped = (lot: string, quantity: number, to: string): Promise<unknown> =>
    fact({
      type: 'ObjectEvent',
      action: 'OBSERVE',
      bizStep: 'shipping',
      quantityList: quantityList(lot, quantity),
      sourceList: [{ type: 'owning_party', source: DAIRY }],
      destinationList: [{ type: 'owning_party', destination: to }],
    });

  /** The alerts of the log, in its order. */
  const raised = async (): Promise<RecordedEvent[]> =>
    (await plant.infrastructure.log.readAll({ max: 100_000 })).events.filter(({ type }) =>
      ['NoticeIssued', 'ExpiryAlertRaised'].includes(type),
    );
  const areRaised = (what: string, count: number): Promise<void> =>
    until(what, async () => (await raised()).length === count);
  /** What the subscriber has counted. */
  const ledger = async (): Promise<{ id: string; type: string; subject: string; data: unknown }[]> =>
    (await readFile(join(directory, 'alerts.jsonl'), 'utf8').catch(() => ''))
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  const hasCounted = (what: string, count: number): Promise<void> =>
    until(what, async () => (await ledger()).length >= count);

  /** Every record that stands on the alert topics now. */
  const records = async (): Promise<InboundRecord[]> => {
    const offsets = (await Promise.all(alertTopics.map((topic) => admin.fetchTopicOffsets(topic)))).flat();
    const there = offsets.reduce((sum, { high }) => sum + Number(high), 0);
    const read: InboundRecord[] = [];
    const subscription = await consumeRecords({
      kafka,
      group: `${prefix}-reader-${randomUUID()}`,
      topics: alertTopics,
      sessionTimeoutMs: 6_000,
      onRecords: (some) => Promise.resolve(void read.push(...some)),
      onError: () => undefined,
    });
    await until('all records', () => Promise.resolve(read.length >= there));
    await subscription.stop();
    return read;
  };

  /** What any reader may rely on: the document, the key, and the order that is left once repetitions are passed over. */
  const expectAsDocumented = async (read: readonly InboundRecord[]): Promise<void> => {
    const log = await raised();
    expect(new Set(read.map(({ headers }) => headers.ce_id))).toEqual(new Set(log.map(({ id }) => id)));
    for (const { topic, key, headers, value } of read) {
      const message = `${headers.ce_type ?? ''}Alert`;
      expect(problemsOf(`${message}/headers`, headers)).toEqual([]);
      expect(problemsOf(`${message}/payload`, JSON.parse(value!.toString()))).toEqual([]);
      expect(key!.toString()).toBe(headers.ce_subject);
      expect(topic).toBe(alertTopics[headers.ce_type === 'NoticeIssued' ? 0 : 1]);
    }
    for (const subject of new Set(log.map(({ stream }) => stream))) {
      const own = read.filter(({ headers }) => headers.ce_subject === subject);
      expect(new Set(own.map(({ partition }) => partition)).size).toBe(1);
      const once = [...new Set(own.map(({ headers }) => headers.ce_id))];
      expect([subject, once]).toEqual([subject, log.filter(({ stream }) => stream === subject).map(({ id }) => id)]);
    }
  };
  const expectEachOnce = async (): Promise<void> => {
    const [counted, log] = [await ledger(), await raised()];
    expect(counted.map(({ id }) => id).sort()).toEqual(log.map(({ id }) => id).sort());
    for (const { id, type, subject, data } of counted)
      expect(log.find((event) => event.id === id)).toMatchObject({ type, stream: subject, data });
  };

  it('come with the documented headers, those of a case and those of a lot in order', async () => {
    const lots = [`${MILK}/10/A`, `${MILK}/10/B`];
    for (const lotCode of ['A', 'B'])
      await post('/inventory/receipts', {
        ...{ item: MILK, lotCode, place: PLANT, amount: { value: '100', unit: 'KGM' } },
        dates: { bestBefore: '2026-05-02', expiry: '2026-05-08' },
      });
    await areRaised('two alerts for each lot', 4);
    for (const shop of SHOPS) await shipped(lots[0]!, 10, shop);
    recallCase = (await post('/recalls/cases', { reason: 'glass in milk', suspects: [{ lot: lots[0] }] })).case;
    await areRaised('a notice to each shop', 6);
    await shipped(lots[0]!, 5, SHOPS[0]!);
    await areRaised('another notice to one of them', 7);
    await hasCounted('all seven', 7);
    const read = await records();
    await expectAsDocumented(read);
    await expectEachOnce();
    expect((await ledger()).filter(({ subject }) => subject === `recall-${recallCase}`)).toHaveLength(3);
  });

  it('come again after the relay was killed before it took note, and are counted once', async () => {
    // The relay takes note of a publication that has events when this lock is free.
    await database.pool.query(`
      CREATE FUNCTION relay.held() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF NEW.position <> OLD.position THEN PERFORM pg_advisory_xact_lock(4711); END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER held BEFORE UPDATE ON relay.checkpoints FOR EACH ROW EXECUTE FUNCTION relay.held()`);
    const lock = await database.pool.connect();
    await lock.query('SELECT pg_advisory_lock(4711)');
    const before = (await ledger()).length;
    now = new Date('2026-05-03T12:00:00Z');
    await areRaised('the best-before dates have passed', before + 2);
    await hasCounted('what is published and not noted', before + 2);
    await Promise.all([relay.kill(), kill(subscriber)]);
    // Its machine is gone: nothing of it is carried out any more.
    await database.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'lotline-relay'`,
    );
    await database.pool.query('DROP TRIGGER held ON relay.checkpoints');
    await lock.query('SELECT pg_advisory_unlock_all()');
    lock.release();

    startSubscriber();
    await startRelay();
    await shipped(`${MILK}/10/A`, 5, SHOPS[1]!);
    await areRaised('a notice after all that', before + 3);
    await hasCounted('the notice after all that', before + 3);
    const read = await records();
    expect(read.length).toBeGreaterThan(before + 3);
    await expectAsDocumented(read);
    await expectEachOnce();
  });
});
