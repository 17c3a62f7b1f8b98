import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EventLog } from '#event-log';
import { EVENT_LOG } from '#platform';
import { startStandalone, type Answer, type Standalone } from '../../../test/support/start-standalone.js';
import { AttemptSweeper } from './features/transformations/attempt-sweeper.js';

const place = 'https://id.gs1.org/414/9521321000018';
const milkItem = '09521321000025';
const yoghurtItem = '09521321000032';
const lotOf = (item: string, code: string): string => `https://id.gs1.org/01/${item}/10/${code}`;
const yoghurt = lotOf(yoghurtItem, 'Y-1');
const kgm = (value: string) => ({ value, unit: 'KGM' });

let lotline: Standalone;
beforeAll(async () => {
  lotline = await startStandalone();
});
afterAll(() => lotline.stop());

let sequence = 0;
const next = (prefix: string): string => `${prefix}-${++sequence}`;

const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
  lotline.api('POST', path, { body, headers });
const encoded = encodeURIComponent;

const stockOf = async (lot: string, after: Answer): Promise<string> => {
  const path = `/inventory/stock?lot=${encoded(lot)}&minPosition=${after.headers['x-log-position']}`;
  const { body } = await lotline.api('GET', path);
  return body.items[0]?.amount.value ?? '0';
};

/** A fresh lot of milk in stock. */
const received = async (value = '100'): Promise<string> => {
  const lot = lotOf(milkItem, next('M'));
  const answer = await post('/inventory/receipts', { lot, amount: kgm(value), place });
  expect(answer.status).toBe(201);
  expect(await stockOf(lot, answer)).toBe(value);
  return lot;
};

const transformation = (input: string, value: string, code = next('T')) => ({
  transformation: code,
  place,
  inputs: [{ lot: input, amount: kgm(value) }],
  outputs: [{ item: yoghurtItem, lotCode: 'Y-1', amount: kgm('1') }],
});
const codes = (answer: Answer): string[] => answer.body.problems.map((p: { code: string }) => p.code);

describe('items', () => {
  const item = { item: yoghurtItem, name: 'Yoghurt', kind: 'finished', baseUnit: 'KGM' };

  it('are defined, found and changed under their revision', async () => {
    const shelfLife = { rule: 'fixed', days: 28 };
    const made = await post('/production/items', { ...item, code: 'YOG', shelfLife });
    expect([made.status, made.headers.etag]).toEqual([201, '"0"']);
    expect(made.body).toMatchObject({ item: `https://id.gs1.org/01/${yoghurtItem}`, gtin: yoghurtItem, code: 'YOG' });

    const { item: _, ...details } = item;
    const change = (etag: string) =>
      lotline.api('PUT', `/production/items/${yoghurtItem}`, {
        body: { ...details, name: 'Yoghurt natural', shelfLife },
        headers: { 'if-match': etag },
      });
    expect((await change('"5"')).body.code).toBe('revision-conflict');
    const changed = await change(made.headers.etag ?? '');
    expect([changed.status, changed.headers.etag]).toEqual([200, '"1"']);

    const found = await lotline.api(
      'GET',
      `/production/items?search=natural&minPosition=${changed.headers['x-log-position']}`,
    );
    expect(found.body.items).toEqual([changed.body]);
    const one = await lotline.api('GET', `/production/items/${encoded(changed.body.item)}`);
    expect([one.body, one.headers.etag]).toEqual([changed.body, '"1"']);
  });

  it('are not defined twice, nor half', async () => {
    await post('/production/items', { ...item, item: 'urn:x:cream' });
    expect((await post('/production/items', { ...item, item: 'urn:x:cream', name: 'Other' })).body.code).toBe(
      'item-exists',
    );
    const bad = await post('/production/items', {
      kind: 'finished',
      baseUnit: 'KGM',
      tolerance: '-1',
      contains: [{ item: 'urn:x:cup' }],
    });
    expect(bad.body.problems.map((p: { field: string }) => p.field).sort()).toEqual([
      '/contains/0/amount',
      '/name',
      '/tolerance',
    ]);
    expect(codes(await post('/production/items', { ...item, item: '09521321000036' }))).toEqual(['bad-gtin']);
    expect((await lotline.api('GET', '/production/items/urn:x:none')).status).toBe(404);
  });

  it('have units, a recipe and a cost, held against the recipes of others', async () => {
    const amount = { value: '1', unit: 'KGM' };
    const recipe = (input: string, output: string, rework = false) => ({
      makes: amount,
      steps: [{ step: 'make', inputs: [{ item: input, amount, rework }], outputs: [{ item: output, amount }] }],
    });
    const define = (name: string, more: object) => post('/production/items', { ...item, item: name, ...more });
    const first = await define('urn:r:quark', {
      units: [{ unit: 'EA', factor: '1/3' }],
      cost: { value: '1.25', currency: 'EUR' },
      shelfLife: { rule: 'inherited', from: ['raw-material'] },
      recipe: recipe('urn:r:curd', 'urn:r:quark'),
    });
    expect(first.body).toMatchObject({ units: [{ factor: '1/3' }], cost: { currency: 'EUR' } });
    const loop = await define('urn:r:curd', {
      units: [{ unit: 'GRM', factor: '0.01' }],
      recipe: recipe('urn:r:quark', 'urn:r:curd'),
    });
    expect([loop.status, codes(loop)]).toEqual([422, ['factor-contradicts', 'recipe-loop']]);
    const rework = await define('urn:r:curd', { recipe: recipe('urn:r:quark', 'urn:r:curd', true) });
    expect(rework.status).toBe(201);
    const bad = await define('urn:r:bad', { shelfLife: { rule: 'given', from: ['waste'] } });
    expect([bad.status, codes(bad)]).toEqual([400, ['from-without-inherited']]);
  });

  it('tell their levels of packaging, and the lots that bear one code', async () => {
    const contains = (of: string, value: string) => [{ item: of, amount: { value, unit: 'EA' } }];
    const define = (name: string, more: object) =>
      post('/production/items', { ...item, baseUnit: 'EA', item: name, ...more });
    await define('urn:p:cup', {});
    await define('urn:p:case', { contains: contains('urn:p:cup', '12') });
    const pallet = await define('urn:p:pallet', { contains: contains('urn:p:case', '48') });
    expect(codes(await define('urn:p:lid', { contains: contains('urn:p:lid', '1') }))).toEqual(['contains-itself']);
    const { contains: _, ...cup } = (await lotline.api('GET', '/production/items/urn:p:cup')).body;
    const change = { name: cup.name, kind: cup.kind, baseUnit: 'EA', contains: contains('urn:p:pallet', '1') };
    expect(codes(await lotline.api('PUT', '/production/items/urn:p:cup', { body: change }))).toEqual(['contains-loop']);

    const at = pallet.headers['x-log-position'];
    const { body } = await lotline.api('GET', `/production/items/urn:p:case/packaging?lotCode=L1&minPosition=${at}`);
    const lot = (name: string): unknown => expect.stringContaining(name);
    expect(body).toEqual({
      item: 'urn:p:case',
      lot: lot('case'),
      contains: [{ item: 'urn:p:cup', depth: 1, amount: { value: '12', unit: 'EA' }, lot: lot('cup') }],
      containedIn: [{ item: 'urn:p:pallet', depth: 1, amount: { value: '48', unit: 'EA' }, lot: lot('pallet') }],
    });
  });

  it('are listed page by page', async () => {
    for (const name of ['a', 'b', 'c']) await post('/production/items', { ...item, item: `urn:page:${name}` });
    const last = await post('/production/items', { ...item, item: 'urn:page:d' });
    const page = async (query: string): Promise<Answer['body']> =>
      (await lotline.api('GET', `/production/items?search=urn:page:&limit=3${query}`)).body;
    const first = await page(`&minPosition=${last.headers['x-log-position']}`);
    expect(first.items.map((r: { item: string }) => r.item)).toEqual(['urn:page:a', 'urn:page:b', 'urn:page:c']);
    expect((await page(`&cursor=${encoded(first.next)}`)).items).toHaveLength(1);
  });
});

describe('recording a transformation', () => {
  it('takes its inputs from stock and puts its outputs there, with the dates of their item', async () => {
    const milk = await received();
    const answer = await post('/production/transformations', {
      ...transformation(milk, '40'),
      outputs: [{ lot: yoghurt, amount: kgm('39') }],
      eventTime: '2026-04-20T23:30:00-05:00',
    });
    expect(answer.status).toBe(201);
    expect(answer.body.statement.outputs[0].dates).toEqual({ production: '2026-04-20', expiry: '2026-05-18' });
    expect(await stockOf(milk, answer)).toBe('60');
    expect(await stockOf(yoghurt, answer)).toBe('39');
  });

  it('is refused with every reason of the stock book, and leaves nothing behind', async () => {
    const [milk, held] = [await received('10'), await received('10')];
    const hold = await post(`/inventory/lots/${encoded(held)}/holds`, { reason: 'smell' });
    expect(hold.status).toBeLessThan(300);
    const body = {
      ...transformation(milk, '11'),
      inputs: [
        { lot: milk, amount: kgm('11') },
        { lot: held, amount: kgm('1') },
      ],
    };
    const answer = await post('/production/transformations', body);
    expect([answer.status, answer.body.code]).toEqual([422, 'transformation-refused']);
    expect(codes(answer)).toEqual(expect.arrayContaining(['lot-held']));
    expect(codes(answer).length).toBeGreaterThanOrEqual(2);
    expect((await lotline.api('GET', `/production/transformations/${body.transformation}`)).status).toBe(404);
    // The other lot was not taken for it.
    expect((await post('/production/transformations', transformation(milk, '10'))).status).toBe(201);
  });

  it('that was refused succeeds later under the same key', async () => {
    const milk = await received('10');
    const body = transformation(milk, '12');
    const key = { 'idempotency-key': next('K') };
    expect((await post('/production/transformations', body, key)).status).toBe(422);
    const more = await post('/inventory/receipts', { lot: milk, amount: kgm('5'), place });
    expect(await stockOf(milk, more)).toBe('15');
    const answer = await post('/production/transformations', body, key);
    expect(answer.status).toBe(201);
    expect(await stockOf(milk, answer)).toBe('3');
  });

  it('is done once however often it is sent', async () => {
    const milk = await received('10');
    const body = { ...transformation(milk, '4'), eventTime: '2026-04-20T08:00:00Z' };
    const all = await Promise.all(Array.from({ length: 5 }, () => post('/production/transformations', body)));
    expect(all.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201]);
    expect(new Set(all.map(({ body: b }) => b.eventId)).size).toBe(1);
    expect(await stockOf(milk, all.find(({ headers }) => headers['x-log-position']) ?? all[0]!)).toBe('6');
    const other = await post('/production/transformations', { ...body, inputs: [{ lot: milk, amount: kgm('5') }] });
    expect([other.status, other.body.code]).toEqual([409, 'transformation-exists']);
  });

  it('never takes the last kilo twice', async () => {
    const milk = await received('3');
    const all = await Promise.all(
      Array.from({ length: 6 }, () => post('/production/transformations', transformation(milk, '1'))),
    );
    expect(all.map(({ status }) => status).sort()).toEqual([201, 201, 201, 422, 422, 422]);
  });

  it('names every lot that is not named', async () => {
    const body = { ...transformation('x', '1'), inputs: [{ amount: kgm('1') }, { item: milkItem, amount: kgm('1') }] };
    const answer = await post('/production/transformations', body);
    expect([answer.status, codes(answer)]).toEqual([400, ['lot-not-named', 'lot-not-named']]);
  });

  it('that was cut short is given up, and its stock given back', async () => {
    const milk = await received('10');
    const body = { ...transformation(milk, '10'), eventTime: '2026-04-20T08:00:00Z' };
    const id = `urn:lotline:transformation:${body.transformation}`;
    const log = lotline.running.app.get<EventLog>(EVENT_LOG, { strict: false });
    // As a process leaves it that dies after the stock was issued.
    const statement = {
      kind: 'production' as const,
      place,
      inputs: [{ lot: milk, amount: kgm('10') }],
      outputs: [{ lot: yoghurt, amount: kgm('1'), role: 'product' as const }],
    };
    const act = `transformation:${id}`;
    const issue = await post('/inventory/issues', {
      reference: act,
      attempt: 1,
      lines: [{ lot: milk, place, amount: kgm('10') }],
    });
    expect(issue.status).toBe(201);
    const [begun] = await log.append([
      {
        stream: `transformation-${id}`,
        expected: 'no-stream',
        events: [
          {
            id: crypto.randomUUID(),
            type: 'ConsumptionBegun',
            schemaVersion: 1,
            eventTime: body.eventTime,
            data: { transformation: id, act, attempt: 1, statement },
            meta: { source: 'lotline/production', actor: 'local', correlationId: 'c' },
          },
        ],
      },
    ]);
    const position = begun?.ok ? begun.recorded[0]!.position : '';
    await lotline.api('GET', `/production/items?minPosition=${position}`);
    const another = transformation(milk, '10');
    expect((await post('/production/transformations', another)).status).toBe(422);

    await lotline.running.app.get(AttemptSweeper, { strict: false }).sweep(-60_000);
    const types = (await log.readStream(`transformation-${id}`)).map(({ type }) => type);
    expect(types).toEqual(['ConsumptionBegun', 'ConsumptionAbandoned', 'ConsumptionReturned']);
    expect((await post('/production/transformations', another)).status).toBe(201);
  });
});

describe('a production run', () => {
  it('is started, filled, corrected, completed', async () => {
    const milk = await received();
    const run = next('RUN');
    const started = await post('/production/runs', { run, place, item: yoghurtItem, planned: kgm('90') });
    expect([started.status, started.body.status]).toEqual([201, 'started']);
    const body = {
      ...transformation(milk, '50', 'ferment'),
      step: 'fermentation',
      outputs: [{ lot: yoghurt, amount: kgm('48') }],
    };
    const recorded = await post(`/production/runs/${run}/transformations`, body);
    expect(recorded.status).toBe(201);
    expect(recorded.body.transformation).toBe(`urn:lotline:transformation:${run}:ferment`);

    const corrected = await post(`/production/runs/${run}/transformations/ferment/corrections`, {
      reason: 'typed 50 for 52',
      statement: { place, inputs: [{ lot: milk, amount: kgm('52') }], outputs: body.outputs },
    });
    expect(corrected.status).toBe(200);
    expect(corrected.body.corrections).toEqual([{ reason: 'typed 50 for 52', voids: recorded.body.eventId }]);
    expect(await stockOf(milk, corrected)).toBe('48');

    const completed = await post(`/production/runs/${run}/complete`, {});
    expect(completed.body).toMatchObject({ status: 'completed', consumed: [kgm('52')], produced: [kgm('48')] });
    const late = await post(`/production/runs/${run}/transformations`, transformation(milk, '1'));
    expect([late.status, codes(late)]).toEqual([422, ['run-completed']]);

    const listed = await lotline.api(
      'GET',
      `/production/runs?status=completed&minPosition=${completed.headers['x-log-position']}`,
    );
    expect(listed.body.items).toContainEqual(expect.objectContaining({ run, status: 'completed', place }));
    expect((await lotline.api('GET', `/production/runs/${run}`)).body.transformations).toHaveLength(1);
  });

  it('lets a transformation that did not happen be taken back whole', async () => {
    const milk = await received('10');
    const body = transformation(milk, '10');
    const recorded = await post('/production/transformations', body);
    expect(await stockOf(milk, recorded)).toBe('0');
    const voided = await post(`/production/transformations/${body.transformation}/corrections`, {
      reason: 'never happened',
    });
    expect(voided.status).toBe(200);
    expect(voided.body).not.toHaveProperty('statement');
    expect(await stockOf(milk, voided)).toBe('10');
    expect((await post('/production/transformations', transformation(milk, '10'))).status).toBe(201);
  });

  it('frees a lot that was named by mistake, for commands too', async () => {
    const [wrong, right] = [await received('10'), await received('10')];
    const body = transformation(wrong, '10');
    await post('/production/transformations', body);
    const corrected = await post(`/production/transformations/${body.transformation}/corrections`, {
      reason: 'the other barrel',
      statement: { place, inputs: [{ lot: right, amount: kgm('10') }], outputs: body.outputs },
    });
    expect(await stockOf(wrong, corrected)).toBe('10');
    expect((await post('/production/transformations', transformation(wrong, '10'))).status).toBe(201);
    expect((await post('/production/transformations', transformation(right, '1'))).status).toBe(422);
  });

  it('must have been started', async () => {
    expect((await post('/production/runs/none/transformations', transformation('urn:x:lot', '1'))).body.code).toBe(
      'run-unknown',
    );
    expect((await post('/production/runs/none/complete', {})).status).toBe(404);
  });
});

describe('a production order', () => {
  it('is released, made by a run step by step, and shows what came of it; genealogy knows one transformation a step', async () => {
    const [barrel, other, order, run] = [await received(), await received(), next('PO'), next('RUN')];
    const cheeseItem = '09521321000049';
    const cheese = lotOf(cheeseItem, 'CH-1');
    const defined = await post('/production/items', {
      ...{
        item: cheeseItem,
        name: 'Cheese',
        kind: 'finished',
        baseUnit: 'KGM',
        units: [{ unit: 'EA', factor: '0.5' }],
      },
      recipe: {
        makes: kgm('12'),
        steps: [
          {
            step: 'curdle',
            inputs: [{ item: milkItem, amount: kgm('100') }],
            outputs: [{ item: cheeseItem, amount: kgm('12') }],
            yields: [{ unit: 'KGM', share: '0.12', tolerance: '0.005', loss: '0.01' }],
          },
        ],
      },
    });
    expect(defined.status).toBe(201);

    const planned = await post('/production/orders', { order, item: cheeseItem, amount: { value: '40', unit: 'EA' } });
    expect([planned.status, planned.body.status]).toEqual([201, 'planned']);
    const early = await post('/production/runs', { run, place, order });
    expect([early.status, codes(early)]).toEqual([422, ['order-not-released']]);
    expect((await post(`/production/orders/${order}/release`, {})).body.status).toBe('released');
    const started = await post('/production/runs', { run, place, order });
    expect([started.status, started.body.item]).toEqual([201, `https://id.gs1.org/01/${cheeseItem}`]);
    const busy = await post(`/production/orders/${order}/cancel`, { reason: 'no' });
    expect([busy.status, codes(busy)]).toEqual([422, ['order-in-work']]);

    const steps = `/production/runs/${run}/steps`;
    const consume = (lot: string, value: string) => ({ place, inputs: [{ lot, amount: kgm(value) }], outputs: [] });
    expect((await post(`${steps}/curdle/records`, consume(barrel, '1'))).body.code).toBe('step-unknown');
    expect((await post(steps, { step: 'curdle' })).body.status).toBe('running');
    expect(codes(await post(steps, { step: 'curdle' }))).toEqual(['step-started']);
    expect((await post(`${steps}/curdle/records`, consume(barrel, '60'))).status).toBe(201);
    await post(`${steps}/curdle/pause`, { reason: 'shift' });
    const resting = await post(`${steps}/curdle/records`, consume(other, '40'));
    expect([resting.status, codes(resting)]).toEqual([422, ['step-paused']]);
    expect((await post(`${steps}/curdle/resume`, {})).body.status).toBe('running');
    expect(codes(await post(`${steps}/curdle/records`, consume(other, '101')))).toEqual(['insufficient-stock']);
    expect((await post(`${steps}/curdle/records`, consume(other, '40'))).status).toBe(201);
    const produce = (pieces: string, more: object = {}) =>
      post(`${steps}/curdle/records`, {
        ...{ place, inputs: [], outputs: [{ lot: cheese, amount: { value: pieces, unit: 'EA' } }] },
        ...more,
      });
    await produce('20');
    await produce('2', { losses: [{ amount: kgm('0.5'), reason: 'spilt' }] });

    const done = await post(`${steps}/curdle/complete`, {});
    expect(done.body).toMatchObject({
      status: 'completed',
      balance: {
        consumed: [kgm('100')],
        produced: [{ value: '22', unit: 'EA' }],
        lost: [kgm('0.5')],
        yields: [{ expected: '0.12', found: '0.11', within: false }],
      },
      deviations: [{ code: 'yield-deviates' }],
    });
    const completed = await post(`/production/runs/${run}/complete`, {});
    expect(completed.body).toMatchObject({
      status: 'completed',
      steps: [{ step: 'curdle', records: expect.any(Array) }],
    });
    const { body } = await lotline.api('GET', `/production/orders/${order}`);
    expect(body).toMatchObject({
      planned: { value: '40', unit: 'EA' },
      produced: [{ value: '22', unit: 'EA' }],
      producedAsPlanned: { value: '22', unit: 'EA' },
      runs: [{ run, status: 'completed' }],
    });
    expect((await post(`/production/orders/${order}/cancel`, { reason: 'enough' })).body.status).toBe('cancelled');

    const at = completed.headers['x-log-position'];
    const trace = await lotline.api('GET', `/genealogy/trace?direction=back&lot=${encoded(cheese)}&minPosition=${at}`);
    expect(trace.body.back.transformations.map(({ id }: { id: string }) => id)).toEqual([
      `urn:lotline:step:${run}:curdle`,
    ]);
    expect(trace.body.back.lots.map(({ id }: { id: string }) => id)).toEqual(expect.arrayContaining([barrel, other]));
    const last = await lotline.api('GET', `/production/orders?status=cancelled&minPosition=${at}`);
    expect(last.status).toBe(200);
  });

  it('given up: the run ends, its step with it, and the order is free', async () => {
    const [order, run] = [next('PO'), next('RUN')];
    await post('/production/orders', { order, item: yoghurtItem, amount: kgm('1') });
    await post(`/production/orders/${order}/release`, {});
    await post('/production/runs', { run, place, order });
    await post(`/production/runs/${run}/steps`, { step: 'a' });
    const aborted = await post(`/production/runs/${run}/abort`, { reason: 'no power' });
    expect(aborted.body).toMatchObject({ status: 'aborted', steps: [{ step: 'a', status: 'aborted' }] });
    const cancelled = await post(`/production/orders/${order}/cancel`, { reason: 'no power' });
    expect(cancelled.status).toBe(200);
    const at = cancelled.headers['x-log-position'];
    const list = async (path: string): Promise<unknown> =>
      (await lotline.api('GET', `${path}&minPosition=${at}`)).body.items;
    expect(await list('/production/runs?status=aborted')).toContainEqual(expect.objectContaining({ run, order }));
    expect(await list('/production/orders?status=cancelled')).toContainEqual(expect.objectContaining({ order }));
  });
});
