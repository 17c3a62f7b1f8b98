import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createPostgresJobs, migratePostgresJobs, type Jobs } from '#jobs';
import { spawnTs } from '#testkit';
import { Webhook } from 'standardwebhooks';
import { until, type Received } from './receiver.fixture.js';
import { createStage, type Stage } from './stage.fixture.js';
import type { Delivery, WebhookOptions, Webhooks } from './index.js';

const verified = ({ body, headers }: Received, secret: string): any =>
  new Webhook(secret).verify(body, headers as Record<string, string>);

describe('webhooks', () => {
  let stage: Stage;
  let jobs: Jobs;
  beforeEach(async () => {
    stage = await createStage();
    await migratePostgresJobs(stage.database.url);
    jobs = createPostgresJobs({ databaseUrl: stage.database.url, silenceMs: 2_000 });
  });
  afterEach(async () => {
    await jobs.close();
    await stage.close();
  });

  const started = async (more: Partial<WebhookOptions> = {}): Promise<Webhooks> => {
    const webhooks = stage.open(jobs, more);
    await webhooks.sender!.start();
    return webhooks;
  };
  const subscribe = (webhooks: Webhooks, path = '/', only?: string[]) =>
    webhooks.add({ url: stage.receiver.url(path), only }, stage.request());
  const all = (webhooks: Webhooks, state?: Delivery['state']) => webhooks.deliveries({ state }, [null, null], 1_000);
  const isDelivered = (webhooks: Webhooks, count: number) =>
    until(`${count} are delivered`, async () => (await all(webhooks, 'delivered')).length === count);

  it('tell each event once, in the order of the log, signed, whoever tells them again', async () => {
    const webhooks = await started();
    await stage.notify(webhooks);
    const { endpoint, secret } = await subscribe(webhooks);
    const events = [];
    for (let i = 0; i < 8; i += 1) events.push(await stage.notify(webhooks));
    await isDelivered(webhooks, 8);
    await Promise.all([stage.tellAgain(webhooks), stage.tellAgain(webhooks)]);
    await webhooks.sender!.sweep();
    events.push(await stage.notify(webhooks));
    await isDelivered(webhooks, 9);

    const { received } = stage.receiver;
    expect(received.map((message) => verified(message, secret).id)).toEqual(events.map(({ id }) => id));
    expect(new Set(stage.receiver.ids()).size).toBe(9);
    expect(received[0]!.headers['content-type']).toBe('application/cloudevents+json; charset=utf-8');
    expect(JSON.parse(received[0]!.body)).toEqual({
      ...{ specversion: '1.0', id: events[0]!.id, source: 'lotline/recalls', type: 'NoticeIssued' },
      ...{ subject: events[0]!.stream, time: '2026-05-01T12:00:00Z', dataschema: 'urn:lotline:event:NoticeIssued:1' },
      ...{ datacontenttype: 'application/json', lotlineposition: events[0]!.position },
      ...{ lotlinerecordtime: events[0]!.recordTime, data: events[0]!.data },
    });
    expect((await all(webhooks)).map(({ event, attempts }) => [event, attempts.length])).toEqual(
      events.map(({ id }) => [id, 1]),
    );
    expect(await webhooks.read(endpoint.id)).toMatchObject({ waiting: 0, dead: 0, disabled: null });
  });

  it('show nobody the notices of another', async () => {
    const webhooks = await started();
    await subscribe(webhooks, '/a', ['urn:test:a']);
    await subscribe(webhooks, '/b', ['urn:test:b', 'urn:test:c']);
    await subscribe(webhooks, '/all');
    for (const consignee of ['urn:test:a', 'urn:test:b', 'urn:test:c', 'urn:test:d', 'urn:test:A'])
      await stage.notify(webhooks, consignee);
    await isDelivered(webhooks, 8);
    const seen = (path: string): string[] =>
      stage.receiver.received
        .filter((message) => message.path === path)
        .map(({ body }) => String(JSON.parse(body).data.consignee).slice(9));
    expect([seen('/a'), seen('/b'), seen('/all')]).toEqual([['a'], ['b', 'c'], ['a', 'b', 'c', 'd', 'A']]);
  });

  it('try again with the same id until it is delivered, and keep what was answered, short', async () => {
    const outcomes: string[] = [];
    const webhooks = await started({ delays: [10, 20, 30, 40], observe: (outcome) => outcomes.push(outcome) });
    const { secret } = await subscribe(webhooks);
    stage.receiver.replies((_, times) => {
      if (times === 1) return { status: 500, body: `no\u0000way\n${'x'.repeat(1_000)}` };
      if (times === 2) return { status: 302, headers: { location: stage.receiver.url('/elsewhere') } };
      return times === 3 ? 'never' : { status: 204 };
    });
    await stage.notify(webhooks);
    await isDelivered(webhooks, 1);
    const [delivery] = await all(webhooks);
    expect(stage.receiver.ids()).toEqual(Array.from({ length: 4 }, () => delivery!.id));
    expect(delivery!.attempts.map(({ status, error }) => [status, error?.slice(0, 10) ?? null])).toEqual([
      [500, 'no way xxx'],
      [302, 'HTTP 302'],
      [null, 'no answer '],
      [204, null],
    ]);
    expect(delivery!.attempts[0]!.error).toHaveLength(200);
    for (const message of stage.receiver.received) expect(verified(message, secret).type).toBe('NoticeIssued');
    expect(outcomes).toEqual(['failed', 'failed', 'failed', 'delivered']);
  });

  it('leave a receiver alone for as long as it asks', async () => {
    const webhooks = await started({ delays: [10] });
    await subscribe(webhooks);
    stage.receiver.replies(() => ({ status: 429, headers: { 'retry-after': '600' } }));
    const before = Date.now();
    await stage.notify(webhooks);
    await until('it was tried', async () => (await all(webhooks))[0]!.attempts.length === 1);
    const [delivery] = await all(webhooks);
    expect(delivery!.nextAt!.getTime()).toBeGreaterThan(before + 599_000);
    expect(delivery!.nextAt!.getTime()).toBeLessThan(Date.now() + 601_000);
  });

  it('are dead after their attempts, until somebody retries them', async () => {
    const webhooks = await started({ delays: [5, 5] });
    const { endpoint } = await subscribe(webhooks);
    stage.receiver.replies(() => ({ status: 503 }));
    const event = await stage.notify(webhooks);
    await until('it is dead', async () => (await all(webhooks, 'dead')).length === 1);
    const [dead] = await all(webhooks, 'dead');
    expect([dead!.event, dead!.attempts.length, dead!.nextAt]).toEqual([event.id, 3, null]);
    expect(await webhooks.counts()).toEqual({ waiting: 0, dead: 1 });
    await webhooks.sender!.sweep();
    expect(await webhooks.read(endpoint.id)).toMatchObject({ waiting: 0, dead: 1 });
    // It was left alone after three failures in a row.
    await stage.database.pool.query('UPDATE recalls_webhooks.endpoints SET sending_until = NULL');
    stage.receiver.replies(() => ({ status: 200 }));
    await webhooks.retry(dead!.id);
    await isDelivered(webhooks, 1);
    expect(new Set(stage.receiver.ids())).toEqual(new Set([dead!.id]));
    await expect(webhooks.retry('11111111-1111-4111-8111-111111111111')).rejects.toMatchObject({
      code: 'delivery-unknown',
    });
  });

  it('go on behind one that fails, and do not wear out those behind it while nobody is there', async () => {
    const webhooks = await started();
    await subscribe(webhooks);
    let bad: string | undefined;
    stage.receiver.replies(({ headers }) => ({
      status: headers['webhook-id'] === (bad ??= String(headers['webhook-id'])) ? 400 : 200,
    }));
    for (let i = 0; i < 4; i += 1) await stage.notify(webhooks);
    await isDelivered(webhooks, 3);
    expect((await all(webhooks, 'waiting')).map(({ id }) => id)).toEqual([bad]);

    stage.receiver.replies(() => ({ status: 503 }));
    for (let i = 0; i < 20; i += 1) await stage.notify(webhooks);
    const leftAlone = `SELECT sender IS NULL AND sending_until > now() + interval '20 s' AS is FROM recalls_webhooks.endpoints`;
    await until('it is left alone', async () => (await stage.database.pool.query(leftAlone)).rows[0].is === true);
    for (let i = 0; i < 5; i += 1) await webhooks.sender!.sweep();
    const tried = (await all(webhooks, 'waiting')).filter(({ id, attempts }) => id !== bad && attempts.length > 0);
    expect([2, 3]).toContain(tried.length);
  });

  it('keep nobody waiting for a slow receiver', async () => {
    const webhooks = await started({ timeoutMs: 30_000 });
    await subscribe(webhooks, '/slow');
    await subscribe(webhooks, '/quick');
    stage.receiver.replies(({ path }) => (path === '/slow' ? 'never' : { status: 200 }));
    const began = Date.now();
    for (let i = 0; i < 5; i += 1) await stage.notify(webhooks);
    await isDelivered(webhooks, 5);
    expect(Date.now() - began).toBeLessThan(25_000);
    expect([stage.receiver.ids('/quick').length, stage.receiver.ids('/slow').length]).toEqual([5, 1]);
    // The silent one is let go of, so that the sender can stop.
    await stage.receiver.close();
    stage.receiver.close = () => Promise.resolve();
  });

  it('end with 410 until they are enabled; what happened meanwhile is told then', async () => {
    const webhooks = await started();
    const { endpoint } = await subscribe(webhooks);
    stage.receiver.replies(() => ({ status: 410 }));
    await stage.notify(webhooks);
    await until('it is disabled', async () => (await webhooks.read(endpoint.id)).disabled !== null);
    await stage.notify(webhooks);
    await webhooks.sender!.sweep();
    expect(await webhooks.read(endpoint.id)).toMatchObject({
      ...{ waiting: 2, dead: 0 },
      disabled: { because: 'the receiver answered 410 Gone' },
    });
    expect(stage.receiver.received).toHaveLength(1);
    stage.receiver.replies(() => ({ status: 200 }));
    expect(await webhooks.enable(endpoint.id)).toMatchObject({ disabled: null });
    await isDelivered(webhooks, 2);
    expect(stage.receiver.ids()).toHaveLength(3);
  });

  it('sign with the former secret too while it is replaced, and no longer', async () => {
    const webhooks = await started();
    const { endpoint, secret: former } = await subscribe(webhooks);
    const request = stage.request();
    const { secret } = await webhooks.rotate(endpoint.id, request);
    // The answer was lost; the caller asks again.
    expect((await webhooks.rotate(endpoint.id, request)).secret).toBe(secret);
    await stage.notify(webhooks);
    await isDelivered(webhooks, 1);
    const [both] = stage.receiver.received;
    expect([secret, former].map((one) => verified(both!, one).type)).toEqual(['NoticeIssued', 'NoticeIssued']);
    await stage.database.pool.query(
      `UPDATE recalls_webhooks.endpoints SET former_until = former_until - interval '24 hours'`,
    );
    await stage.notify(webhooks);
    await isDelivered(webhooks, 2);
    const last = stage.receiver.received[1]!;
    expect(verified(last, secret).type).toBe('NoticeIssued');
    expect(() => verified(last, former)).toThrow('No matching signature');
  });

  it('say at once what comes of a ping', async () => {
    const webhooks = await started();
    const { endpoint, secret } = await subscribe(webhooks);
    expect(await webhooks.test(endpoint.id)).toMatchObject({ result: 'delivered', status: 200 });
    expect(verified(stage.receiver.received[0]!, secret)).toMatchObject({
      type: 'WebhookPing',
      source: 'lotline/recalls',
    });
    stage.receiver.replies(() => ({ status: 401, body: 'who are you?' }));
    expect(await webhooks.test(endpoint.id)).toMatchObject({ result: 'failed', status: 401, error: 'who are you?' });
    expect(await all(webhooks)).toEqual([]);
  });

  it('store no secret that can be read, make one endpoint for one request, and need a key', async () => {
    const webhooks = await started();
    const request = stage.request();
    const first = await webhooks.add({ url: stage.receiver.url() }, request);
    await stage.notify(webhooks);
    const again = await webhooks.add({ url: stage.receiver.url() }, request);
    expect([again.endpoint.id, again.endpoint.since, again.secret]).toEqual([
      ...[first.endpoint.id, first.endpoint.since, first.secret],
    ]);
    const { rows } = await stage.database.pool.query('SELECT e::text AS text FROM recalls_webhooks.endpoints e');
    const raw = Buffer.from(first.secret.slice(6), 'base64');
    expect(rows).toHaveLength(1);
    for (const form of [first.secret.slice(6), raw.toString('hex'), Buffer.from(first.secret).toString('hex')])
      expect(rows[0].text).not.toContain(form);
    const without = stage.open(jobs, { key: undefined });
    expect(without.sender).toBeUndefined();
    await expect(without.add({ url: stage.receiver.url() }, stage.request())).rejects.toMatchObject({
      ...{ code: 'webhooks-need-a-key', message: expect.stringContaining('LOTLINE_SECRETS_KEY') },
    });
  });

  it('forget an endpoint that is deleted with all that waits for it', async () => {
    const webhooks = await started();
    const { endpoint } = await subscribe(webhooks);
    stage.receiver.replies(() => ({ status: 500 }));
    await stage.notify(webhooks);
    await until('it was tried', async () => (await all(webhooks))[0]?.attempts.length === 1);
    await webhooks.remove(endpoint.id);
    expect([await all(webhooks), await webhooks.list([null, null], 10)]).toEqual([[], []]);
    for (const gone of [endpoint.id, 'no-uuid'])
      for (const ask of ['read', 'remove', 'enable', 'test'] as const)
        await expect(webhooks[ask](gone)).rejects.toMatchObject({ kind: 'not-found', code: 'webhook-unknown' });
  });

  it('are sent again with the same id where a process is killed in the middle, and once to the receiver that counts ids', async () => {
    const idle = stage.open(jobs);
    const { secret } = await subscribe(idle);
    const events = [await stage.notify(idle), await stage.notify(idle)];
    stage.receiver.replies((_, times) => (times === 1 ? 'never' : { status: 200 }));
    const child = spawnTs(new URL('./send-and-hang.fixture.ts', import.meta.url), [
      ...[stage.database.url, stage.key.toString('base64')],
    ]);
    try {
      await until('the first is under way', () => stage.receiver.received.length > 0);
    } finally {
      await child.kill();
    }
    const [first] = stage.receiver.ids();
    stage.receiver.replies(() => ({ status: 200 }));
    await idle.sender!.start();
    await until('all are delivered', async () => {
      await idle.sender!.sweep();
      return (await all(idle, 'delivered')).length === 2;
    });
    const ids = stage.receiver.ids();
    expect(ids.slice(1)).toContain(first);
    const ledger = new Map(stage.receiver.received.map((message) => [message.headers['webhook-id'], message]));
    expect([...ledger.values()].map((message) => verified(message, secret).id).sort()).toEqual(
      events.map(({ id }) => id).sort(),
    );
  });

  it('are sent by one process at a time, however many are woken', async () => {
    const others = await Promise.all(
      [1, 2, 3].map(async () => {
        const own = createPostgresJobs({ databaseUrl: stage.database.url, silenceMs: 2_000 });
        const webhooks = stage.open(own);
        await webhooks.sender!.start();
        return { own, webhooks };
      }),
    );
    try {
      const { webhooks } = others[0]!;
      await subscribe(webhooks);
      for (let i = 0; i < 15; i += 1) {
        const event = await stage.notify(others[i % 3]!.webhooks);
        await Promise.all(others.map((one) => one.webhooks.sender!.sweep()));
        expect(event.type).toBe('NoticeIssued');
      }
      await isDelivered(webhooks, 15);
      expect(stage.receiver.ids()).toEqual((await all(webhooks)).map(({ id }) => id));
    } finally {
      await Promise.all(others.map(({ webhooks }) => webhooks.sender!.stop()));
      await Promise.all(others.map(({ own }) => own.close()));
    }
  });
});
