import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Capture, startCapture } from '../../../test/support/start-capture.js';

const seafood = readFileSync('examples/seafood-gdst.epcis.jsonld', 'utf8');

describe('capturing an EPCIS document', () => {
  let capture: Capture;
  beforeAll(async () => {
    capture = await startCapture();
  });
  afterAll(() => capture.stop());

  it('answers 202 with the job, once the document is durable', async () => {
    const accepted = await capture.send('POST', '/epcis/capture', seafood, { 'content-type': 'application/ld+json' });
    expect(accepted.status).toBe(202);
    expect(accepted.headers.get('location')).toBe(`/epcis/capture/${accepted.body.captureID}`);
    const { rows } = await capture.running.infrastructure.pool.query('SELECT body FROM capture.jobs WHERE id = $1', [
      accepted.body.captureID,
    ]);
    expect(rows[0].body).toBe(seafood);
  });

  it('takes a real file whole, and nothing changes when it is sent again', async () => {
    const first = await capture.captureDocument(seafood, { 'content-type': 'application/ld+json' });
    expect(first.body).toMatchObject({
      running: false,
      success: true,
      captureErrorBehaviour: 'rollback',
      errors: [],
      errorCount: 0,
    });
    const head = await capture.running.infrastructure.log.head();
    const again = await capture.captureDocument(seafood);
    expect(again.body).toMatchObject({ success: true, recorded: 0, duplicates: 17 + 20 });
    expect(again.headers.get('x-log-position')).toBe(head);
    expect(await capture.running.infrastructure.log.head()).toBe(head);
  });

  it('gives an event back verbatim, number literals included', async () => {
    const answer = await capture.send('GET', '/epcis/events/urn%3Auuid%3Aa3377b60-6663-4a39-9456-a32b166ffc4dU');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^application\/ld\+json/);
    const original = JSON.parse(seafood).epcisBody.eventList.find((e: any) => e.eventID.includes('a3377b60'));
    const { '@context': context, recordTime, ...event } = answer.body;
    expect(event).toEqual(original);
    expect(Object.keys(event).sort()).toEqual(Object.keys(original).sort());
    expect(context).toContainEqual(expect.objectContaining({ gdst: 'https://traceability-dialogue.org/epcis' }));
    expect(Date.parse(recordTime)).not.toBeNaN();
    expect(answer.text).toContain('"quantity":12000.0');
  });

  it('reads an EPCISQueryDocument', async () => {
    const { epcisBody, ...rest } = JSON.parse(seafood);
    const document = {
      ...rest,
      type: 'EPCISQueryDocument',
      epcisBody: { queryResults: { queryName: 'SimpleEventQuery', resultsBody: { eventList: epcisBody.eventList } } },
    };
    const job = await capture.captureDocument(document);
    expect(job.body).toMatchObject({ success: true, recorded: 0, duplicates: 37 });
  });

  it('gives an event without eventID an id that follows from its content', async () => {
    const event = {
      type: 'ObjectEvent',
      eventTime: '2026-01-17T09:30:00.000+01:00',
      eventTimeZoneOffset: '+01:00',
      action: 'OBSERVE',
      bizStep: 'shipping',
      quantityList: [{ epcClass: 'urn:epc:class:lgtin:9521321.000003.Y-118', quantity: 40, uom: 'KGM' }],
    };
    const first = await capture.send('POST', '/epcis/events', event);
    expect(first.status).toBe(201);
    expect(first.headers.get('x-log-position')).toBe(first.body.position);
    const location = first.headers.get('location') ?? '';
    const asDigitalLink = {
      eventTime: '2026-01-17T08:30:00Z',
      bizStep: 'https://ref.gs1.org/cbv/BizStep-shipping',
      quantityList: [{ uom: 'KGM', epcClass: 'https://example.com/01/09521321000032/10/Y-118', quantity: 40 }],
      action: 'OBSERVE',
      eventTimeZoneOffset: '+01:00',
      type: 'ObjectEvent',
    };
    const again = await capture.send('POST', '/epcis/events', asDigitalLink);
    expect([again.status, again.body.duplicate, again.headers.get('location')]).toEqual([200, true, location]);
    const read = await capture.send('GET', location);
    expect(read.body).toMatchObject({ eventID: first.body.eventID, ...event });
  });

  it('records an error declaration and its original in either order', async () => {
    const event = (id: string) => ({
      type: 'ObjectEvent',
      eventID: `urn:uuid:${id}`,
      eventTime: '2026-01-18T09:30:00Z',
      eventTimeZoneOffset: '+00:00',
      action: 'ADD',
      epcList: ['urn:epc:id:sgtin:9521321.000003.17'],
    });
    const declared = (id: string) => ({
      ...event(id),
      errorDeclaration: { declarationTime: '2026-01-19T00:00:00Z', reason: 'did_not_occur' },
    });
    const [a, b] = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'];
    const document = {
      '@context': 'https://ref.gs1.org/standards/epcis/epcis-context.jsonld',
      type: 'EPCISDocument',
      schemaVersion: '2.0',
      creationDate: '2026-01-19T00:00:00Z',
      epcisBody: { eventList: [event(a), declared(a), declared(b), event(b)] },
    };
    const job = await capture.captureDocument(document);
    expect(job.body).toMatchObject({ success: true, recorded: 4, duplicates: 0 });
    for (const id of [a, b]) {
      const stream = await capture.running.infrastructure.log.readStream(`fact-urn:uuid:${id}`);
      expect(stream.map((e: any) => e.data.declaration).sort()).toEqual([false, true]);
      expect((await capture.send('GET', `/epcis/events/urn:uuid:${id}`)).body.errorDeclaration).toBeUndefined();
    }
  });

  it('pages through the jobs, newest first', async () => {
    const { body: all } = await capture.send('GET', '/epcis/capture?perPage=100');
    const found: string[] = [];
    let path: string | undefined = '/epcis/capture?perPage=2';
    while (path !== undefined) {
      const page = await capture.send('GET', path);
      expect(page.body.length).toBeLessThanOrEqual(2);
      found.push(...page.body.map((job: any) => job.captureID));
      path = /<([^>]+)>; rel="next"/.exec(page.headers.get('link') ?? '')?.[1];
    }
    expect(found).toEqual(all.map((job: any) => job.captureID));
    expect(found.length).toBeGreaterThan(3);
  });
});
