import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { NoticeIssued } from '#contracts';
import { Webhook } from 'standardwebhooks';
import { startReceiver, type Receiver } from '../../../../../libs/webhooks/src/receiver.fixture.js';
import { startStandalone, type Standalone } from '../../../../../test/support/start-standalone.js';

const key = randomBytes(32).toString('base64');
const A = 'https://id.gs1.org/417/9506000300030';

describe('webhooks of recall notices over HTTP', () => {
  let lotline: Standalone;
  let receiver: Receiver;
  beforeAll(async () => {
    lotline = await startStandalone({ env: { LOTLINE_SECRETS_KEY: key, LOTLINE_WEBHOOK_ALLOW_PRIVATE: 'true' } });
    receiver = await startReceiver();
  });
  afterAll(async () => {
    await receiver.close();
    await lotline.stop();
  });
  beforeEach(() => receiver.replies(() => ({ status: 200 })));

  const notify = async (consignee: string): Promise<string> => {
    const id = randomUUID();
    const [result] = await lotline.running.infrastructure.log.append([
      {
        ...{ stream: `recall-${id}`, expected: 'any' },
        events: [
          {
            ...{ id, type: NoticeIssued.type, schemaVersion: NoticeIssued.version, eventTime: '2026-05-01T12:00:00Z' },
            data: { ...NoticeIssued.sample, consignee },
            meta: { source: 'lotline/recalls', actor: 'test', correlationId: id },
          },
        ],
      },
    ]);
    expect(result).toMatchObject({ ok: true });
    return id;
  };
  const subscribe = async (path: string, consignees: string[], headers = {}): Promise<any> => {
    const body = { url: receiver.url(path), description: `the shop ${path}`, consignees };
    const answer = await lotline.api('POST', '/recalls/webhooks', { body, headers });
    expect([answer.status, answer.body]).toEqual([201, expect.anything()]);
    return answer.body;
  };

  it('send each consignee its own notices, and tell the secret once', async () => {
    const [a, all] = [await subscribe('/a', ['urn:epc:id:pgln:9506000.30003']), await subscribe('/all', ['*'])];
    expect(a).toMatchObject({ consignees: [A], state: 'active', createdBy: 'local', waiting: 0, dead: 0 });
    const [first, other] = [await notify(A), await notify('urn:test:other')];
    await lotline.until('three messages', () => Promise.resolve(receiver.received.length === 3));
    const seen = (path: string, { secret }: { secret: string }): string[] =>
      receiver.received
        .filter((message) => message.path === path)
        .map(({ body, headers }) => (new Webhook(secret).verify(body, headers as Record<string, string>) as any).id);
    expect([seen('/a', a), seen('/all', all)]).toEqual([[first], [first, other]]);

    const { secret: _told, ...shown } = a;
    expect((await lotline.api('GET', `/recalls/webhooks/${a.id}`)).body).toEqual(shown);
    const list = (await lotline.api('GET', '/recalls/webhooks')).body;
    expect(list.items.map(({ id }: any) => id)).toEqual([a.id, all.id]);
    expect(JSON.stringify(list)).not.toContain('whsec_');
    const page = (await lotline.api('GET', '/recalls/webhooks?limit=1')).body;
    const rest = (await lotline.api('GET', `/recalls/webhooks?limit=1&cursor=${page.next}`)).body;
    expect([page.items, rest]).toEqual([[list.items[0]], { items: [list.items[1]] }]);
    const odd = Buffer.from('["when","who"]').toString('base64url');
    for (const path of ['/recalls/webhooks', '/recalls/webhooks/deliveries'])
      expect((await lotline.api('GET', `${path}?cursor=${odd}`)).status).toBe(200);
    const metrics = (await lotline.api('GET', '/metrics')).body;
    expect(metrics).toContain('lotline_webhook_attempts_total{context="recalls",outcome="delivered"} 3');
    const rotated = await lotline.api('POST', `/recalls/webhooks/${a.id}/rotate-secret`);
    expect(rotated.body.secret).toMatch(/^whsec_/);
    expect(rotated.body.secret).not.toBe(a.secret);
    expect((await lotline.api('POST', `/recalls/webhooks/${a.id}/test`)).body).toEqual({
      delivered: true,
      status: 200,
    });
    for (const { id } of [a, all]) expect((await lotline.api('DELETE', `/recalls/webhooks/${id}`)).status).toBe(204);
    expect((await lotline.api('GET', `/recalls/webhooks/${a.id}`)).status).toBe(404);
  });

  it('answer a repeated request with the same secret, which is stored nowhere', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const [first, again] = [await subscribe('/r', [A], headers), await subscribe('/r', [A], headers)];
    expect(again).toEqual(first);
    const { pool } = lotline.running.infrastructure;
    const { rows } = await pool.query(`SELECT count(*)::int AS n FROM platform.idempotency WHERE body LIKE '%whsec_%'`);
    expect(rows).toEqual([{ n: 0 }]);
    expect((await lotline.api('DELETE', `/recalls/webhooks/${first.id}`)).status).toBe(204);
  });

  it('list deliveries in pages, and retry them', async () => {
    const { id } = await subscribe('/list', [A]);
    receiver.replies(() => ({ status: 500, body: 'out of order' }));
    for (let i = 0; i < 3; i += 1) await notify(A);
    const list = async (query: string) =>
      (await lotline.api('GET', `/recalls/webhooks/deliveries?webhook=${id}&${query}`)).body;
    await lotline.until(
      'all were tried',
      async () => (await list('')).items.filter(({ attempts }: any) => attempts.length > 0).length === 3,
    );
    const page = await list('limit=2&state=waiting');
    expect(page.items[0]).toMatchObject({
      ...{ webhook: id, type: 'NoticeIssued', state: 'waiting', nextAttemptAt: expect.any(String) },
      attempts: [{ at: expect.any(String), status: 500, error: 'out of order' }],
    });
    const rest = await list(`limit=2&cursor=${page.next}`);
    expect([page.items.length, rest.items.length, rest.next]).toEqual([2, 1, undefined]);
    await lotline.running.infrastructure.pool.query(
      `UPDATE recalls_webhooks.deliveries SET state = 'dead'; UPDATE recalls_webhooks.endpoints SET sending_until = NULL`,
    );
    receiver.replies(() => ({ status: 200 }));
    for (const { id: dead } of (await list('state=dead')).items)
      expect((await lotline.api('POST', `/recalls/webhooks/deliveries/${dead}/retry`)).status).toBe(202);
    await lotline.until('all are delivered', async () => (await list('state=delivered')).items.length === 3);
  });

  it.each([
    [{ url: 'http://127.0.0.1:1/' }, '/consignees'],
    [{ url: 'http://127.0.0.1:1/', consignees: [] }, '/consignees'],
    [{ url: 'http://127.0.0.1:1/', consignees: ['9506000300034'] }, '/consignees'],
    [{ url: 'ftp://127.0.0.1/', consignees: ['*'] }, '/url'],
    [{ url: 'http://me:you@127.0.0.1/', consignees: ['*'] }, '/url'],
    [{ url: 'http://127.0.0.1:1/', consignees: ['*'], secret: 'mine' }, '/secret'],
  ])('refuse %j', async (body, field) => {
    const answer = await lotline.api('POST', '/recalls/webhooks', { body });
    expect(answer.status).toBe(400);
    expect(answer.body.errors ?? answer.body.problems).toEqual([expect.objectContaining({ field })]);
  });

  it('are described in OpenAPI', async () => {
    const { paths, components } = (await lotline.api('GET', '/docs/openapi.json')).body;
    const body = paths['/recalls/webhooks'].post.requestBody.content['application/json'].schema.$ref;
    expect(components.schemas[body.split('/').at(-1)].properties).toMatchObject({
      url: {},
      consignees: { type: 'array' },
    });
    const ids = Object.values<any>(paths).flatMap((path) => Object.values<any>(path).map((one) => one.operationId));
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('webhooks where they are not allowed', () => {
  it('need a permission, a key for secrets and a public address', async () => {
    const keyed = 'reader 2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b *:read,recalls:write';
    const lotline = await startStandalone({ env: { LOTLINE_API_KEYS: keyed } });
    const headers = { authorization: 'Bearer secret' };
    expect((await lotline.api('GET', '/recalls/webhooks', { headers })).status).toBe(403);
    expect((await lotline.api('GET', '/expiry/webhooks', { headers })).status).toBe(403);
    await lotline.stop();
    const open = await startStandalone();
    const add = (url: string) => open.api('POST', '/expiry/webhooks', { body: { url } });
    expect((await add('https://127.0.0.1/')).body).toMatchObject({ status: 400, code: 'bad-webhook-url' });
    expect((await add('https://example.com/')).body).toMatchObject({ status: 422, code: 'webhooks-need-a-key' });
    await open.stop();
  });
});
