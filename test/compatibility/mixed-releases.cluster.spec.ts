import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Admin } from 'kafkajs';
import pino from 'pino';
import { GoodsReceived, LotScrapped, type NewEvent, topicName, topics } from '#contracts';
import { createKafkaConnection, createTopics } from '#event-bus';
import { migrateDatabase, readConfig, type RunningApp, startApp } from '#platform';
import { createTestDatabase, type RunningTs, spawnTs, testKafka, testRedis, type TestDatabase } from '#testkit';
import { genealogyProjector } from '../../apps/genealogy/src/read-model/genealogy-projector.js';
import { InstallationModule } from '../../apps/standalone/src/installation.module.js';
import { RelayModule } from '../../apps/relay/src/relay.module.js';
import { partitionsByProcess } from '../cluster/group-members.js';
import { lotlineWith } from '../support/command-line.js';
import { type Api, apiOf, until } from '../support/start-standalone.js';

const PARTITIONS = 4;
const LOTS = 16;
const KEY = 'a-key-for-this-test';
const PLACE = 'https://id.gs1.org/414/9521321000018';
const lotOf = (n: number): string => `urn:example:lot:mixed-${n}`;

interface Fact {
  stream: string;
  expected: 'any';
  events: NewEvent[];
}
const factOf = (type: string, n: number, part: string, data: object): Fact => {
  const eventId = `urn:example:event:${type}-${part}-${n}`;
  return {
    stream: `fact-${eventId}`,
    expected: 'any',
    events: [
      {
        id: randomUUID(),
        type,
        schemaVersion: 1,
        eventTime: '2026-03-01T08:00:00Z',
        data: { eventId, place: PLACE, ...data },
        meta: { source: 'urn:test', actor: 'test', correlationId: 'test' },
      },
    ],
  };
};
const goods = (n: number, value: string) => ({ goods: [{ lot: lotOf(n), quantity: { value, unit: 'KGM' } }] });
const each = (make: (n: number) => Fact): Fact[] => Array.from({ length: LOTS }, (_, n) => make(n));
const received = (part: string): Fact[] => each((n) => factOf(GoodsReceived.type, n, part, goods(n, '10')));
/** What only the newer release knows. */
const scrapped = (): Fact[] => each((n) => factOf(LotScrapped.type, n, 'new', goods(n, '1')));

interface Part {
  partition: number;
  position: string;
  state: string;
  reason: string | null;
}

describe('a worker of an older release beside one of this release, in one group', () => {
  const prefix = `t-${randomUUID()}`;
  const group = `${prefix}.genealogy_v${genealogyProjector.version}`;
  const names = topics.map((topic) => topicName(prefix, topic));
  let database: TestDatabase;
  let admin: Admin;
  let relay: RunningApp;
  let older: RunningTs;
  let newer: RunningTs;
  let settings: Record<string, string>;
  const urlOf = async (worker: RunningTs): Promise<string> =>
    (JSON.parse(await worker.line(/listens on http/)) as { url: string }).url;

  beforeAll(async () => {
    database = await createTestDatabase();
    settings = {
      LOTLINE_PROFILE: 'cluster',
      DATABASE_URL: database.url,
      KAFKA_BROKERS: testKafka(),
      REDIS_URL: testRedis(),
      LOTLINE_TOPIC_PREFIX: prefix,
      LOTLINE_KAFKA_SESSION_TIMEOUT_MS: '6000',
      LOTLINE_API_KEYS: `test ${createHash('sha256').update(KEY).digest('hex')} *`,
      LOTLINE_SERVICE_KEY: KEY,
      // Nobody serves inventory here.
      PUBLIC_URL: 'http://127.0.0.1:9',
      LOTLINE_MIN_POSITION_WAIT_MS: '60000',
      HOST: '127.0.0.1',
      PORT: '0',
      LOG_LEVEL: 'info',
    };
    const silent = pino({ level: 'silent' });
    await migrateDatabase(InstallationModule, readConfig(settings), silent);
    admin = createKafkaConnection({ brokers: [testKafka()], clientId: 'test' })
      .client()
      .admin();
    await admin.connect();
    const wanted = (topic: string) => ({ topic, partitions: PARTITIONS, replicationFactor: 1, configs: {} });
    await createTopics(admin, names.map(wanted));
    relay = await startApp(RelayModule, { name: 'relay', env: settings, logger: silent });
    older = spawnTs(new URL('./older-genealogy.fixture.ts', import.meta.url), [LotScrapped.type], settings);
    newer = spawnTs(new URL('../../apps/genealogy/src/main.ts', import.meta.url), [], settings);
  }, 240_000);
  afterAll(async () => {
    await Promise.all([older.kill(), newer.kill(), relay.stop()]);
    await admin.deleteTopics({ topics: names });
    await admin.disconnect();
    await database.drop();
  });

  const append = async (facts: readonly Fact[]): Promise<string> => {
    const results = await relay.infrastructure.log.append(facts);
    expect(results.every(({ ok }) => ok)).toBe(true);
    return relay.infrastructure.log.head();
  };
  const parts = async (): Promise<Part[]> =>
    (
      await database.pool.query<Part>(
        `SELECT partition, position, state, reason FROM projections.checkpoints WHERE consumer = 'genealogy_v${genealogyProjector.version}' ORDER BY 1`,
      )
    ).rows;
  const balances = async (api: Api, position: string): Promise<unknown[]> => {
    const found: unknown[] = [];
    for (let n = 0; n < LOTS; n++) {
      const { body } = await api('GET', `/genealogy/lots/${lotOf(n)}?minPosition=${position}`);
      found.push(body.balances?.map(({ amount }: { amount: { value: string } }) => amount.value));
    }
    return found;
  };

  it('stops at a type that it does not know, says so, and leaves its partitions to the newer one when it ends', async () => {
    const [olderUrl, newerUrl] = await Promise.all([urlOf(older), urlOf(newer)]);
    const api = apiOf(newerUrl, { authorization: `Bearer ${KEY}` });
    const olders = async (): Promise<number[]> =>
      (await partitionsByProcess(admin, group)).get(older.process.pid ?? 0) ?? [];
    await until('both have partitions', async () => (await olders()).length === PARTITIONS / 2);
    const own = await olders();

    // What both know, both apply.
    const known = await append(received('known'));
    expect(await balances(api, known)).toEqual(Array.from({ length: LOTS }, () => ['10']));

    // What only the newer one knows, and what both know after it.
    await append(scrapped());
    const head = await append(received('after'));
    await until('the newer one is done with its partitions, and the older one has stopped', async () => {
      const all = await parts();
      const isDone = all.every(({ partition, position }) => own.includes(partition) || position >= head);
      return isDone && all.some(({ state }) => state === 'paused');
    });
    // The first that it meets stops the older one in all that it has: nowhere is it beyond what it has applied.
    const stopped = (await parts()).filter(({ partition }) => own.includes(partition));
    expect(stopped.map(({ position }) => position >= known && position < head)).toEqual(stopped.map(() => true));
    for (const { reason } of stopped.filter(({ state }) => state === 'paused'))
      expect(reason).toMatch(/^LotScrapped \S+ at \d+ is of a type that is not known: a newer release is needed$/);
    for (const { partition, state } of await parts())
      if (!own.includes(partition)) expect([partition, state]).toEqual([partition, 'running']);
    expect((await lotlineWith(settings, 'projections', 'list')).printed).toMatch(
      /^genealogy .* paused .*LotScrapped \S+ at \d+ is of a type that is not known/m,
    );
    const told = JSON.parse(await older.line(/a read model stopped/)) as Record<string, string>;
    expect(told).toMatchObject({ name: 'genealogy', state: 'paused' });
    expect(told.reason).toContain('LotScrapped');
    const ready = await fetch(`${olderUrl}/health/ready`);
    expect(await ready.json()).toMatchObject({ status: 'degraded', checks: { projections: 'paused' } });

    older.process.kill('SIGTERM');
    await older.ended;
    // Twice received, once scrapped: nothing is missing of what the older one had stopped at, nothing is there twice.
    expect(await balances(api, head)).toEqual(Array.from({ length: LOTS }, () => ['19']));
    expect((await parts()).map(({ state, reason }) => [state, reason])).toEqual(
      Array.from({ length: PARTITIONS }, () => ['running', null]),
    );
    expect((await database.pool.query('SELECT FROM projections.parked')).rowCount).toBe(0);
    // Switched only where every row is what a rebuild from the log makes of it.
    expect((await lotlineWith(settings, 'projections', 'rebuild', 'genealogy')).printed).toMatch(
      /Readers see \S+ from now on/,
    );
  });
});
