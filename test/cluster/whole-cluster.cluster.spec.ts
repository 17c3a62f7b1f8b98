import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import { genealogyProjector } from '../../apps/genealogy/src/read-model/genealogy-projector.js';
import { type Cluster, startCluster } from '../../deploy/local/index.js';
import { environment, nodeArguments } from '../../deploy/local/cluster/product.js';
import { createTestDatabase, type TestDatabase, testKafka, testRedis } from '#testkit';
import { lotlineWith } from '../support/command-line.js';
import { parkedStory } from '../support/parked-story.js';
import { documentOf, madeEvent } from '../support/plant-load.js';
import { type Api, apiOf, until } from '../support/start-standalone.js';
import { partitionsByProcess } from './group-members.js';
import { restoredStory } from './restored-story.js';

const PARTITIONS = 4;

const demo = async (...args: string[]): Promise<string[]> => {
  const main = nodeArguments('sources', 'apps/standalone/src/demo/main');
  const { stdout } = await promisify(execFile)(process.execPath, [...main, ...args], { env: environment({}) });
  return stdout.split('\n');
};

/** Without what differs between any two runs: where it runs, log positions, the case's id. */
const story = (lines: readonly string[]): string[] =>
  lines
    .filter((line) => !line.startsWith('Lotline runs at'))
    .map((line) => line.replace(/log position \d+/, 'log position N').replace(/Case \S+:/, 'Case N:'));

describe('every app as a process of its own', () => {
  let directory: string;
  let database: TestDatabase;
  let cluster: Cluster;
  let api: Api;
  const prefix = `t-${randomUUID()}`;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'lotline-cluster-'));
    database = await createTestDatabase();
    cluster = await startCluster({
      directory,
      databaseUrl: database.url,
      brokers: testKafka(),
      redisUrl: testRedis(),
      partitions: PARTITIONS,
      build: 'sources',
      settings: { LOTLINE_TOPIC_PREFIX: prefix, LOTLINE_KAFKA_SESSION_TIMEOUT_MS: '6000' },
    });
    api = apiOf(cluster.url, { authorization: `Bearer ${cluster.key}` });
  }, 240_000);
  afterAll(async () => {
    await cluster.stop();
    await database.drop();
    await rm(directory, { recursive: true, force: true });
  });

  const lotline = (...words: string[]) => lotlineWith(cluster.settings, ...words);
  const metrics = async (url: string): Promise<string[]> =>
    (await (await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${cluster.key}` } })).text()).split('\n');
  const figure = (lines: readonly string[], name: string): number =>
    Number(
      lines
        .find((line) => line.startsWith(name))
        ?.split(' ')
        .at(-1),
    );

  it('tells the same story as one process does', async () => {
    const together = await demo();
    const apart = await demo('--url', cluster.url, '--key', cluster.key);
    expect(story(apart)).toEqual(story(together));
    expect(apart.join('\n')).toContain('17 events prove it');
  });

  it('partitions move to a second and a third worker while facts come in, and every effect is there once', async () => {
    const lots = Array.from({ length: 12 }, (_, i) => `urn:example:lot:moving-${i}`);
    const ROUNDS = 12;
    let round = 0;
    const send = async (): Promise<void> => {
      const events = lots.map((lot, i) => madeEvent(`urn:example:event:moving-${round}-${i}`, lot));
      round += 1;
      expect((await api('POST', '/epcis/capture', { body: documentOf(events) })).status).toBe(202);
    };
    const sendSome = async (): Promise<void> => {
      for (let n = 0; n < ROUNDS; n++) await send();
    };
    await Promise.all([cluster.add('genealogy'), cluster.add('genealogy'), sendSome()]);
    const workers = cluster.processes('genealogy');
    const admin = new Kafka({ brokers: [testKafka()], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    await until('each of the three has partitions of its own', async () => {
      const parts = await partitionsByProcess(admin, `${prefix}.genealogy_v${genealogyProjector.version}`);
      const given = workers.map((worker) => parts.get(worker.pid() ?? 0) ?? []);
      return (
        given.every((some) => some.length > 0) &&
        JSON.stringify(given.flat().sort()) === JSON.stringify(Array.from({ length: PARTITIONS }, (_, i) => i))
      );
    });
    await admin.disconnect();
    const applied = 'lotline_projection_events_total{projection="genealogy"}';
    await until('each of the three has applied some', async () => {
      await send();
      const counts = await Promise.all(workers.map(async ({ url }) => figure(await metrics(url), applied)));
      return counts.every((count) => count > 0);
    });
    for (const lot of lots)
      await until(`${lot} is there as often as it was made`, async () => {
        const { body } = await api('GET', `/genealogy/lots/${encodeURIComponent(lot)}`);
        return body.made?.[0]?.value === String(round * 10);
      });
    // Switched only where every row is what a rebuild from the log makes of it.
    expect((await lotline('projections', 'rebuild', 'genealogy')).printed).toMatch(/Readers see \S+ from now on/);
    for (const worker of workers.slice(1)) await worker.stop();
  });

  it('a read waits for a position within a bound, says how far it is, and has it once the relay goes on', async () => {
    const [relay] = cluster.processes('relay');
    const [genealogy] = cluster.processes('genealogy');
    const lagging = async (): Promise<number[]> =>
      (await metrics(genealogy?.url ?? ''))
        .filter((line) => line.startsWith('lotline_kafka_consumer_lag_records{'))
        .map((line) => Number(line.split(' ').at(-1)));
    relay?.pause();
    try {
      // Without watermarks that come meanwhile, the group gets to the very end.
      await until('the lag is zero', async () => {
        const lags = await lagging();
        return lags.length > 0 && lags.every((lag) => lag === 0);
      });
      const asked = async (n: number) => {
        const lot = `urn:example:lot:awaited-${n}`;
        const { status, headers } = await api('POST', '/epcis/events', {
          body: {
            '@context': ['https://ref.gs1.org/standards/epcis/epcis-context.jsonld'],
            ...madeEvent(`urn:example:event:awaited-${n}`, lot),
          },
        });
        const position = headers['x-log-position'] ?? '';
        expect([status, position === '']).toEqual([201, false]);
        const path = `/genealogy/lots/${lot}?minPosition=${position}`;
        return { path, position, early: await api('GET', path) };
      };
      let tries = 0;
      let { path, position, early } = await asked(tries);
      // A worker that has just been given its partition reads the log itself, and may have the event without the relay.
      await until('a worker waits for the relay', async () => {
        if (early.status !== 503) ({ path, position, early } = await asked((tries += 1)));
        return early.status === 503;
      });
      expect(early.headers['retry-after']).toBe('1');
      expect(early.body).toMatchObject({ code: 'read-model-behind', projection: 'genealogy' });
      expect([early.body.position > '', early.body.position < position]).toEqual([true, true]);
      relay?.resume();
      let answer = early;
      await until('the position is reached', async () => {
        answer = await api('GET', path);
        return answer.status !== 503;
      });
      expect([answer.status, answer.body.made]).toEqual([200, [{ value: '10', unit: 'KGM' }]]);
    } finally {
      relay?.resume();
    }
  });

  // The same story in one process: test/parked-event.e2e.spec.ts.
  it('an event that a read model cannot apply is parked, and everything else flows', () =>
    parkedStory({ api, lotline, pool: database.pool }));

  // The last one: it leaves three processes and another database.
  it(
    'the database goes back to an older backup; nothing lost comes back, nothing new is passed over',
    () =>
      restoredStory({
        ...{ api, lotline, pool: database.pool, cluster, prefix },
        ...{ brokers: testKafka(), partitions: PARTITIONS },
      }),
    240_000,
  );
});
