import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { createBullmqJobs, type Jobs } from '#jobs';
import { testRedis } from '#testkit';
import { until } from './receiver.fixture.js';
import { createStage, type Stage } from './stage.fixture.js';
import type { Webhooks } from './index.js';

describe('webhooks with Redis', () => {
  let stage: Stage;
  let redis: Redis;
  let prefix: string;
  let opened: Jobs[];
  beforeEach(async () => {
    stage = await createStage();
    redis = new Redis(testRedis());
    prefix = `t_${randomBytes(6).toString('hex')}`;
    opened = [];
  });
  afterEach(async () => {
    await stage.close();
    await Promise.all(opened.map((jobs) => jobs.close()));
    await flush();
    redis.disconnect();
  });

  /** The server is shared with other specs: it forgets all that this one has told it. */
  const flush = async (): Promise<void> => {
    for await (const keys of redis.scanStream({ match: `${prefix}:*`, count: 1_000 }) as AsyncIterable<string[]>)
      if (keys.length > 0) await redis.del(...keys);
  };
  const open = (redisUrl = testRedis()): Webhooks => {
    const jobs = createBullmqJobs({ redisUrl, prefix, silenceMs: 2_000 });
    opened.push(jobs);
    return stage.open(jobs, { delays: [50, 100, 200, 400, 800, 1_000, 1_000, 1_000] });
  };
  const delivered = async (webhooks: Webhooks): Promise<string[]> =>
    (await webhooks.deliveries({ state: 'delivered' }, [null, null], 1_000)).map(({ event }) => event);
  const sweepUntilDelivered = async (webhooks: Webhooks, events: string[]): Promise<void> => {
    await until('all are delivered', async () => {
      await webhooks.sender!.sweep();
      return (await delivered(webhooks)).length === events.length;
    });
    expect(await delivered(webhooks)).toEqual(events);
    const told = stage.receiver.received.map(({ body }) => JSON.parse(body).id);
    expect([...new Set(told)].sort()).toEqual([...events].sort());
  };

  it('lose nothing where Redis forgets all between row and sending', async () => {
    const webhooks = open();
    await webhooks.add({ url: stage.receiver.url() }, stage.request());
    const events = [];
    for (let i = 0; i < 10; i += 1) events.push((await stage.notify(webhooks)).id);
    expect(await redis.keys(`${prefix}:*`)).not.toEqual([]);
    await flush();
    expect(await redis.keys(`${prefix}:*`)).toEqual([]);
    await webhooks.sender!.start();
    await sweepUntilDelivered(webhooks, events);
  });

  it('lose nothing where Redis forgets all again and again, while two processes send and receivers fail', async () => {
    const [one, other] = [open(), open()];
    for (const webhooks of [one, other]) await webhooks.sender!.start();
    await one.add({ url: stage.receiver.url() }, stage.request());
    let calls = 0;
    stage.receiver.replies(() => ({ status: (calls += 1) % 4 === 0 ? 503 : 200 }));
    const events = [];
    for (let i = 0; i < 30; i += 1) {
      events.push((await stage.notify(i % 2 === 0 ? one : other)).id);
      if (i % 3 === 0) await flush();
    }
    await sweepUntilDelivered(one, events);
  });

  it('are sent where Redis is away altogether', async () => {
    const webhooks = open('redis://127.0.0.1:1');
    await webhooks.add({ url: stage.receiver.url() }, stage.request());
    const event = await stage.notify(webhooks);
    await sweepUntilDelivered(webhooks, [event.id]);
  });
});
