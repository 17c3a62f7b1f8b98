import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Capture, type CaptureAnswer, startCapture } from '../../../test/support/start-capture.js';

const LIMIT = 8 * 1024 * 1024;

const event = (n: number | string, changes: Record<string, unknown> = {}) => ({
  type: 'ObjectEvent',
  eventID: `urn:test:event:${n}`,
  eventTime: '2026-01-17T09:30:00.000+01:00',
  eventTimeZoneOffset: '+01:00',
  action: 'OBSERVE',
  bizStep: 'shipping',
  readPoint: { id: 'urn:epc:id:sgln:952132100001.0.0' },
  quantityList: [{ epcClass: 'urn:epc:class:lgtin:9521321.000003.Y-118', quantity: 40, uom: 'KGM' }],
  ...changes,
});
const documentOf = (events: unknown[], changes: Record<string, unknown> = {}) => ({
  '@context': ['https://ref.gs1.org/standards/epcis/epcis-context.jsonld'],
  type: 'EPCISDocument',
  schemaVersion: '2.0',
  creationDate: '2026-01-17T10:00:00Z',
  epcisBody: { eventList: events },
  ...changes,
});
const fact = (id: string, changes: Record<string, unknown> = {}, data: Record<string, unknown> = {}) => ({
  specversion: '1.0',
  id,
  source: 'urn:test:erp',
  type: 'LotScrapped',
  time: '2026-01-17T09:30:00+01:00',
  data: { goods: [{ lot: 'urn:test:lot:1', quantity: { value: '2.5', unit: 'KGM' } }], ...data },
  ...changes,
});
const PROCEED = { 'GS1-Capture-Error-Behaviour': 'proceed' };

/** One event with something wrong, and what the answer must say of it. */
const badEvents: [string, Record<string, unknown>, Record<string, unknown>][] = [
  [
    'an unknown event type',
    { type: 'ObjectEvnt' },
    { code: 'unknown-event-type', field: '/type', found: 'ObjectEvnt', expected: 'ObjectEvent' },
  ],
  ['a missing field', { action: undefined }, { code: 'missing-field', field: '/action' }],
  [
    'an ill-formed field',
    { eventTimeZoneOffset: '1 hour' },
    { code: 'ill-formed', field: '/eventTimeZoneOffset', found: '1 hour' },
  ],
  [
    'a number as text',
    { quantityList: [{ epcClass: 'urn:x:lot:1', quantity: '40' }] },
    { code: 'wrong-type', field: '/quantityList/0/quantity', found: '40', expected: 'a number, zero or more' },
  ],
  [
    'a near-miss step',
    { bizStep: 'shippping' },
    { code: 'not-in-vocabulary', field: '/bizStep', found: 'shippping', expected: 'shipping' },
  ],
  [
    'a near-miss step as URI',
    { bizStep: 'https://ref.gs1.org/cbv/BizStep-recieving' },
    { code: 'not-in-vocabulary', field: '/bizStep', expected: 'receiving' },
  ],
  [
    'a near-miss disposition',
    { disposition: 'in_transit ' },
    { code: 'not-in-vocabulary', field: '/disposition', expected: 'in_transit' },
  ],
  [
    'an action that is none',
    { action: 'ADDED' },
    { code: 'not-in-vocabulary', field: '/action', found: 'ADDED', expected: 'ADD' },
  ],
  [
    'an impossible date',
    { eventTime: '2026-02-30T09:30:00Z' },
    { code: 'impossible-date', field: '/eventTime', found: '2026-02-30T09:30:00Z' },
  ],
  [
    'an impossible date of a lot',
    { action: 'ADD', ilmd: { 'cbvmda:itemExpirationDate': '2026-13-01' } },
    { code: 'impossible-date', field: '/ilmd/cbvmda:itemExpirationDate', found: '2026-13-01' },
  ],
  [
    'a negative quantity',
    { quantityList: [{ epcClass: 'urn:x:lot:1', quantity: -1 }] },
    { code: 'out-of-range', field: '/quantityList/0/quantity', found: -1 },
  ],
  [
    'an infinite quantity',
    { quantityList: [{ epcClass: 'urn:x:lot:1', quantity: 'HUGE' }] },
    { code: 'wrong-type', field: '/quantityList/0/quantity' },
  ],
  [
    'an id that is none',
    { epcList: ['hello world'] },
    { code: 'not-an-id', field: '/epcList/0', found: 'hello world' },
  ],
  [
    'a place that is no object',
    { bizLocation: 'urn:x:place' },
    { code: 'wrong-type', field: '/bizLocation', found: 'urn:x:place' },
  ],
  [
    'a field that is none',
    { bizLocaton: { id: 'urn:x:place' } },
    { code: 'unknown-field', field: '/bizLocaton', expected: 'bizLocation' },
  ],
  ['no object named', { quantityList: [] }, { code: 'missing-field', field: '/epcList' }],
];

const badFacts: [string, unknown, Record<string, unknown>][] = [
  [
    'an unknown type',
    fact('F', { type: 'LotScraped' }),
    { code: 'unknown-event-type', field: '/type', expected: 'LotScrapped' },
  ],
  ['no object', 'LotScrapped', { code: 'wrong-type' }],
  ['a missing field', fact('F', { source: undefined }), { code: 'missing-field', field: '/source' }],
  [
    'a number instead of decimal text',
    fact('F', {}, { goods: [{ lot: 'urn:test:lot:1', quantity: { value: 2.5 } }] }),
    { code: 'wrong-type', field: '/data/goods/0/quantity/value', found: 2.5 },
  ],
  [
    'a negative quantity',
    fact('F', {}, { goods: [{ lot: 'urn:test:lot:1', quantity: { value: '-2.5' } }] }),
    { code: 'out-of-range', field: '/data/goods/0/quantity/value', found: '-2.5' },
  ],
  [
    'a quantity in words',
    fact('F', {}, { goods: [{ lot: 'urn:test:lot:1', quantity: { value: 'some' } }] }),
    { code: 'ill-formed', field: '/data/goods/0/quantity/value' },
  ],
  [
    'an id that is none',
    fact('F', {}, { goods: [{ lot: 'hello world' }] }),
    { code: 'not-an-id', field: '/data/goods/0/lot', found: 'hello world' },
  ],
  [
    'half a lot',
    fact('F', {}, { goods: [{ lot: { item: '09521321000025' } }] }),
    { code: 'missing-field', field: '/data/goods/0/lot/lotCode' },
  ],
  ['an impossible time', fact('F', { time: '2026-02-30T00:00:00Z' }), { code: 'impossible-date', field: '/time' }],
  [
    'an impossible date',
    fact('F', {}, { goods: [{ lot: 'urn:test:lot:1', dates: { expiry: '2026-02-30' } }] }),
    { code: 'impossible-date', field: '/data/goods/0/dates/expiry' },
  ],
  [
    'a field that is none',
    fact('F', {}, { resaon: 'x' }),
    { code: 'unknown-field', field: '/data/resaon', expected: 'reason' },
  ],
  ['nothing named', fact('F', {}, { goods: undefined }), { code: 'missing-field', field: '/data' }],
];

describe('bad input', () => {
  let capture: Capture;
  beforeAll(async () => {
    capture = await startCapture({ env: { LOTLINE_BODY_LIMIT: String(LIMIT) } });
  });
  afterAll(() => capture.stop());

  const head = (): Promise<string> => capture.running.infrastructure.log.head();

  const expectProblem = (answer: CaptureAnswer, status: number, problem?: Record<string, unknown>): void => {
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect({ status: answer.status, body: answer.body }).toMatchObject({ status, body: { status } });
    expect(answer.text).not.toMatch(/\.[jt]s:\d+|node_modules|\\n +at /);
    if (problem) expect(answer.body.problems).toContainEqual(expect.objectContaining(problem));
  };

  describe.each(['/epcis/capture', '/epcis/events', '/events'])('POST %s', (path) => {
    it.each([
      ['not JSON', '{"type": "EPCISDoc', 'not-json'],
      ['empty', '', 'not-json'],
      ['nested too deep', `${'['.repeat(50_000)}${']'.repeat(50_000)}`, 'too-deep'],
    ])('refuses a body that is %s', async (_, body, code) => {
      const answer = await capture.send('POST', path, body);
      expectProblem(answer, 400);
      expect(answer.body.code).toBe(code);
    });

    it('refuses bytes that are no UTF-8', async () => {
      const response = await fetch(new URL(path, capture.running.url), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]),
      });
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ code: 'not-utf-8' });
    });

    it.each(['text/xml', 'text/plain', 'application/x-www-form-urlencoded', 'application/hal+json'])(
      'refuses %s',
      async (type) => {
        expectProblem(await capture.send('POST', path, JSON.stringify({}), { 'content-type': type }), 415);
      },
    );

    it('refuses a body over the size limit', async () => {
      expectProblem(await capture.send('POST', path, JSON.stringify({ x: 'x'.repeat(LIMIT) })), 413);
    });
  });

  it.each([
    ['an empty list', documentOf([]), { code: 'empty', field: '/epcisBody/eventList' }],
    ['a list of documents', [documentOf([event(1)])], { code: 'wrong-type' }],
    ['no body', documentOf([], { epcisBody: undefined }), { code: 'missing-field', field: '/epcisBody' }],
    ['no list', documentOf([], { epcisBody: {} }), { code: 'missing-field', field: '/epcisBody/eventList' }],
    [
      'an unknown document type',
      documentOf([event(1)], { type: 'EPCISDocumnt' }),
      { code: 'unknown-document-type', field: '/type', expected: 'EPCISDocument' },
    ],
    [
      'another schema version',
      documentOf([event(1)], { schemaVersion: '1.2' }),
      { code: 'ill-formed', field: '/schemaVersion', found: '1.2' },
    ],
    [
      'a schema version as number',
      documentOf([event(1)], { schemaVersion: 2.0 }),
      { code: 'wrong-type', field: '/schemaVersion' },
    ],
    [
      'an impossible creation date',
      documentOf([event(1)], { creationDate: '2026-02-30T00:00:00Z' }),
      { code: 'impossible-date', field: '/creationDate' },
    ],
  ])('refuses a document with %s at once', async (_, document, problem) => {
    const before = await head();
    expectProblem(await capture.send('POST', '/epcis/capture', document), 400, problem);
    expect(await head()).toBe(before);
  });

  it('refuses an error behaviour that is none', async () => {
    const answer = await capture.send('POST', '/epcis/capture', documentOf([event(1)]), {
      'GS1-Capture-Error-Behaviour': 'continue',
    });
    expectProblem(answer, 400, { found: 'continue', expected: 'rollback or proceed' });
  });

  it.each(badEvents)(
    'names %s in a job, under both behaviours, and in a single event',
    async (name, changes, problem) => {
      const bad = event(name.replaceAll(' ', '-'), changes);
      const good = [event(`before ${name}`.replaceAll(' ', '-')), event(`after ${name}`.replaceAll(' ', '-'))];
      const document = JSON.stringify(documentOf([good[0], bad, good[1]])).replace('"HUGE"', '1e400');
      const before = await head();
      const rolledBack = await capture.captureDocument(document);
      expect(rolledBack.body).toMatchObject({ running: false, success: false, recorded: 0, duplicates: 0 });
      expect(rolledBack.body.errors).toContainEqual(expect.objectContaining({ index: 1, id: bad.eventID, ...problem }));
      expect(await head()).toBe(before);

      const proceeded = await capture.captureDocument(document, PROCEED);
      expect(proceeded.body).toMatchObject({ success: false, recorded: 2, captureErrorBehaviour: 'proceed' });
      expect(proceeded.body.errors).toContainEqual(expect.objectContaining({ index: 1, id: bad.eventID, ...problem }));

      const single = await capture.send('POST', '/epcis/events', JSON.stringify(bad).replace('"HUGE"', '1e400'));
      expectProblem(single, 400, { id: bad.eventID, ...problem });
    },
  );

  it.each([
    ['null', null],
    ['a number', 7],
    ['a list', [event(1)]],
  ])('names an event that is %s', async (_, bad) => {
    const job = await capture.captureDocument(documentOf([bad]));
    expect(job.body).toMatchObject({
      success: false,
      errors: [{ index: 0, code: 'wrong-type', expected: 'an object' }],
    });
  });

  it.each(badFacts)('names %s in a native fact, alone and in a batch', async (name, bad, problem) => {
    expectProblem(await capture.send('POST', '/events', JSON.stringify(bad)), 422, { index: 0, ...problem });
    const batch = await capture.send('POST', '/events', [fact(`good: ${name}`), bad]);
    expect(batch.status).toBe(202);
    expect(batch.body.recorded).toBe(1);
    expect(batch.body.refused).toContainEqual(expect.objectContaining({ index: 1, ...problem }));
  });

  it('refuses an empty list of facts and a body that is not what its content type announces', async () => {
    expectProblem(await capture.send('POST', '/events', []), 400, { code: 'empty' });
    const headers = { 'content-type': 'application/cloudevents+json' };
    expectProblem(await capture.send('POST', '/events', [fact('x')], headers), 400, { code: 'wrong-form' });
  });

  it('refuses the same id with other content and keeps the first', async () => {
    const first = event('contested');
    const other = event('contested', { bizStep: 'receiving' });
    expect((await capture.send('POST', '/epcis/events', first)).status).toBe(201);
    expectProblem(await capture.send('POST', '/epcis/events', other), 409, {
      code: 'id-conflict',
      id: first.eventID,
      field: '/eventID',
    });
    const before = await head();
    const conflict = { index: 1, id: first.eventID, code: 'id-conflict' };
    const rolledBack = await capture.captureDocument(documentOf([event('bystander'), other]));
    expect(rolledBack.body).toMatchObject({ success: false, recorded: 0, errors: [conflict] });
    expect(await head()).toBe(before);
    const proceeded = await capture.captureDocument(documentOf([event('bystander'), other]), PROCEED);
    expect(proceeded.body).toMatchObject({ success: false, recorded: 1, errors: [conflict] });
    const stored = await capture.send('GET', `/epcis/events/${first.eventID}`);
    expect(stored.body.bizStep).toBe('shipping');

    expect((await capture.send('POST', '/events', fact('contested'))).status).toBe(202);
    const otherFact = fact('contested', {}, { reason: 'another' });
    expectProblem(await capture.send('POST', '/events', otherFact), 409, { code: 'id-conflict', index: 0 });
    const batch = await capture.send('POST', '/events', [otherFact, fact('uncontested')]);
    expect(batch.body).toMatchObject({ recorded: 1, refused: [{ index: 0, code: 'id-conflict' }] });
  });

  it('refuses only the events whose texts cannot be stored', async () => {
    const events = [
      event('storable-1'),
      event('nul', { 'urn:test#note': 'A\0B' }),
      event('half\ud800'),
      event('storable-2'),
    ];
    const proceeded = await capture.captureDocument(documentOf(events), PROCEED);
    expect(proceeded.body).toMatchObject({
      recorded: 2,
      errors: [
        { index: 1, code: 'bad-text', field: '/urn:test#note', id: 'urn:test:event:nul', found: 'A\0B' },
        { index: 2, code: 'bad-text', field: '/eventID' },
      ],
    });
    expect((await capture.captureDocument(documentOf(events))).body).toMatchObject({ success: false, recorded: 0 });
    expectProblem(await capture.send('POST', '/epcis/events', event('nul', { 'urn:x#\0': 1 })), 400, {
      code: 'bad-text',
      field: '/urn:x#\0',
    });
    const facts = [fact('storable-3'), fact('nul', {}, { reason: '\0' }), fact('half', { subject: '\udc00' })];
    expect((await capture.send('POST', '/events', facts)).body).toMatchObject({
      recorded: 1,
      refused: [
        { index: 1, code: 'bad-text', field: '/data/reason' },
        { index: 2, code: 'bad-text', field: '/subject' },
      ],
    });
    const document = documentOf([event('storable-1')], { sender: 'urn:test:\0' });
    expectProblem(await capture.send('POST', '/epcis/capture', document), 400, { code: 'bad-text', field: '/sender' });
  });

  it('finds two contents under one id within a document', async () => {
    const document = documentOf([event('twice'), event('other'), event('twice', { bizStep: 'receiving' })]);
    const before = await head();
    expect((await capture.captureDocument(document)).body).toMatchObject({
      success: false,
      recorded: 0,
      errors: [{ index: 2, code: 'id-conflict' }],
    });
    expect(await head()).toBe(before);
    expect((await capture.captureDocument(document, PROCEED)).body).toMatchObject({
      recorded: 2,
      errors: [{ index: 2, code: 'id-conflict' }],
    });
  });

  it('takes 10,000 events with one bad in the middle whole but one, or not at all', async () => {
    const events = Array.from({ length: 10_000 }, (_, n) => event(`many-${n}`, n === 5_000 ? { action: 'ADDED' } : {}));
    const document = JSON.stringify(documentOf(events));
    const error = { index: 5_000, id: 'urn:test:event:many-5000', field: '/action', found: 'ADDED', expected: 'ADD' };
    const before = await head();
    const rolledBack = await capture.captureDocument(document);
    expect(rolledBack.body).toMatchObject({ success: false, recorded: 0, errorCount: 1, errors: [error] });
    expect(await head()).toBe(before);
    const proceeded = await capture.captureDocument(document, PROCEED);
    expect(proceeded.body).toMatchObject({ success: false, recorded: 9_999, errorCount: 1, errors: [error] });
    expect(proceeded.headers.get('x-log-position')).toBe(await head());
  });

  it.each([
    ['/epcis/capture/not-a-job', 404],
    ['/epcis/capture/00000000-0000-4000-8000-000000000000', 404],
    ['/epcis/events/urn:test:event:never', 404],
    ['/epcis/events/%00', 400],
    ['/epcis/events/%E0%A4%A', 400],
    ['/epcis/capture?perPage=0', 400],
    ['/epcis/capture?perPage=101', 400],
    ['/epcis/capture?nextPageToken=x', 400],
  ])('GET %s is answered %d', async (path, status) => {
    expectProblem(await capture.send('GET', path), status);
  });
});
