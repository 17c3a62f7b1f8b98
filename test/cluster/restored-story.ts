import { expect } from '@jest/globals';
import type { Pool } from 'pg';
import { createKafkaConnection } from '#event-bus';
import type { Cluster } from '../../deploy/local/index.js';
import { readTopic } from '../../libs/event-bus/src/kafka/read-topic.fixture.js';
import { captureEvents } from '../support/capture-events.js';
import type { Installation } from '../support/parked-story.js';
import { madeEvent } from '../support/plant-load.js';
import { type Api, until } from '../support/start-standalone.js';
import { backUp } from './database-copy.js';

const LOTS = 16;
const lotOf = (part: string, n: number): string => `urn:example:lot:restored-${part}-${n}`;
/** A lot each, so that they are spread over the partitions. */
const facts = (part: string): object[] =>
  Array.from({ length: LOTS }, (_, n) => madeEvent(`urn:example:event:restored-${part}-${n}`, lotOf(part, n)));

/** Status and amount of each lot of a part, as genealogy has it at a position. */
const madeOf = async (api: Api, part: string, position: string): Promise<unknown[]> => {
  const answers: unknown[] = [];
  for (let n = 0; n < LOTS; n++) {
    const { status, body } = await api('GET', `/genealogy/lots/${lotOf(part, n)}?minPosition=${position}`);
    answers.push(status === 200 ? body.made[0].value : status);
  }
  return answers;
};
const all = (answer: unknown): unknown[] => Array.from({ length: LOTS }, () => answer);

interface Consumer {
  kind: 'projection' | 'reactor';
  name: string;
  status: string;
  state: string;
  reason: string | null;
}

/** How often each event of a part is on the topic of facts, by epoch: `{"1": 16}`. */
const publishedOf = async (brokers: string, prefix: string, part: string): Promise<Record<string, number>> => {
  const kafka = createKafkaConnection({ brokers: [brokers], clientId: 'test' });
  const topic = `${prefix}.facts.v1`;
  const admin = kafka.client().admin();
  await admin.connect();
  const ends = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  const records = await readTopic(
    kafka,
    topic,
    ends.reduce((sum, { high }) => sum + Number(high), 0),
  );
  const counts: Record<string, number> = {};
  for (const { value, headers } of records)
    if (value?.includes(`restored-${part}-`)) {
      const epoch = headers.lotline_epoch ?? '';
      counts[epoch] = (counts[epoch] ?? 0) + 1;
    }
  return counts;
};

/** Brings one checkpoint's epoch and state of a model's active build into view. */
const standing = async (pool: Pool, model: string): Promise<{ epoch: string; state: string; parts: number }[]> =>
  (
    await pool.query<{ epoch: string; state: string; parts: number }>(
      `SELECT c.epoch::text, c.state, count(*)::int AS parts FROM projections.active a
         JOIN projections.checkpoints c ON c.consumer = a.schema WHERE a.projection = $1 GROUP BY 1, 2`,
      [model],
    )
  ).rows;

export interface RestoredStory extends Installation {
  cluster: Cluster;
  brokers: string;
  prefix: string;
  partitions: number;
}

/**
 * The database goes back to an older backup while Kafka keeps what was published since: the operator does as
 * docs/operations.md says, and nothing of the lost part comes back while nothing new is passed over, although the log gives
 * the positions of the lost part a second time.
 */
export const restoredStory = async (story: RestoredStory): Promise<void> => {
  const { cluster, api, lotline, pool, brokers, prefix, partitions } = story;
  const kept = await captureEvents(api, facts('kept'));
  expect(await madeOf(api, 'kept', kept)).toEqual(all('10'));
  const backup = await backUp(cluster.settings.DATABASE_URL ?? '');
  try {
    let lostEnd = '';
    // Whoever was cut off comes back by itself.
    await until('facts are taken again', async () => {
      lostEnd = await captureEvents(api, facts('lost')).catch(() => '');
      return lostEnd !== '';
    });
    expect(await madeOf(api, 'lost', lostEnd)).toEqual(all('10'));
    expect(await publishedOf(brokers, prefix, 'lost')).toEqual({ 1: LOTS });

    await Promise.all(cluster.processes().map((one) => one.stop()));
    await backup.restore();
    expect((await lotline('restored')).printed).toMatch(/epoch 2/);
    const needed = (['capture', 'relay', 'genealogy'] as const).flatMap((app) => cluster.processes(app).slice(0, 1));
    await Promise.all(needed.map((one) => one.start()));

    // What was built on the lost part waits for its rebuild and says so; the log takes facts meanwhile.
    const newEnd = await captureEvents(api, facts('new'));
    const list = async (): Promise<Consumer[]> =>
      (JSON.parse((await lotline('projections', 'list', '--json')).printed) as Consumer[]).filter(
        ({ status }) => status === 'active',
      );
    const before = await list();
    expect(before.map(({ state }) => state)).toEqual(before.map(() => 'needs-rebuild'));
    const [genealogy] = needed.filter(({ app }) => app === 'genealogy');
    const health = await fetch(`${genealogy?.url}/health/ready`);
    expect(await health.json()).toMatchObject({ status: 'degraded', checks: { projections: 'needs-rebuild' } });

    for (const { kind, name } of before)
      expect(await lotline('projections', kind === 'reactor' ? 'restart' : 'rebuild', name)).toMatchObject({
        exitCode: 0,
      });
    expect(await madeOf(api, 'new', newEnd)).toEqual(all('10'));
    expect(await madeOf(api, 'kept', newEnd)).toEqual(all('10'));
    expect(await madeOf(api, 'lost', newEnd)).toEqual(all(404));

    // From here on by Kafka, where the records of the lost part stand before those of the new one.
    const resent = await captureEvents(api, facts('lost'));
    expect(resent > lostEnd).toBe(true);
    expect(await madeOf(api, 'lost', resent)).toEqual(all('10'));
    expect(await madeOf(api, 'new', resent)).toEqual(all('10'));
    expect(await standing(pool, 'genealogy')).toEqual([{ epoch: '2', state: 'running', parts: partitions }]);
    expect(await publishedOf(brokers, prefix, 'new')).toEqual({ 2: LOTS });
    expect(await publishedOf(brokers, prefix, 'lost')).toEqual({ 1: LOTS, 2: LOTS });
    // Switched only where every row is what a rebuild from the log makes of it.
    expect((await lotline('projections', 'rebuild', 'genealogy')).printed).toMatch(/Readers see \S+ from now on/);
  } finally {
    await backup.drop();
  }
};
