import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { nativeFacts } from '#contracts';
import { type Capture, startCapture } from '../../../test/support/start-capture.js';

const cloudEvent = (type: string, { eventId, ...data }: Record<string, unknown>) => ({
  specversion: '1.0',
  id: String(eventId),
  source: 'urn:dairy:mes',
  type,
  time: '2026-01-17T09:30:00+01:00',
  datacontenttype: 'application/json',
  data,
});

describe('capturing native facts', () => {
  let capture: Capture;
  beforeAll(async () => {
    capture = await startCapture();
  });
  afterAll(() => capture.stop());

  it('takes every fact of the catalogue, once however often it is sent', async () => {
    const batch = nativeFacts.map((fact) => cloudEvent(fact.type, fact.sample));
    const headers = { 'content-type': 'application/cloudevents-batch+json' };
    const first = await capture.send('POST', '/events', batch, headers);
    expect([first.status, first.body]).toEqual([202, { recorded: batch.length, duplicates: 0, refused: [] }]);
    expect(first.headers.get('x-log-position')).toBe(await capture.running.infrastructure.log.head());
    const again = await capture.send('POST', '/events', batch.toReversed());
    expect([again.status, again.body]).toEqual([202, { recorded: 0, duplicates: batch.length, refused: [] }]);
    const [recorded] = await capture.running.infrastructure.log.readStream(`fact-${nativeFacts[0].sample.eventId}`);
    expect(recorded).toMatchObject({
      type: 'GoodsReceived',
      data: nativeFacts[0].sample,
      meta: { source: 'urn:dairy:mes', actor: 'local' },
    });
  });

  it('counts the same fact once in whatever form it names its lot', async () => {
    const moved = (id: string, goods: unknown) =>
      cloudEvent('LotMoved', { eventId: id, to: 'https://id.gs1.org/414/9521321000018', goods: [goods] });
    const quantity = { value: '5', unit: 'KGM' };
    const forms = [
      moved('M-1', { lot: { item: '09521321000032', lotCode: 'Y-118' }, quantity }),
      moved('M-1', { lot: 'urn:epc:class:lgtin:9521321.000003.Y-118', quantity: { value: '5.00', unit: 'KGM' } }),
      moved('M-1', { lot: 'https://dairy.example/gtin/09521321000032/lot/Y-118', quantity }),
    ];
    expect((await capture.send('POST', '/events', forms)).body).toEqual({ recorded: 1, duplicates: 2, refused: [] });
  });

  it('takes the good ones and names the others', async () => {
    const { sample } = nativeFacts[0];
    const answer = await capture.send('POST', '/events', [
      cloudEvent('GoodsReceived', { ...sample, eventId: 'R-1' }),
      cloudEvent('GoodsRecieved', { ...sample, eventId: 'R-2' }),
      { ...cloudEvent('GoodsReceived', { ...sample, eventId: 'R-3' }), time: undefined },
    ]);
    expect(answer.status).toBe(202);
    expect(answer.body).toMatchObject({
      recorded: 1,
      refused: [
        { index: 1, id: 'R-2', field: '/type', code: 'unknown-event-type', expected: 'GoodsReceived' },
        { index: 2, id: 'R-3', field: '/time', code: 'missing-field' },
      ],
    });
  });

  it("puts a voiding fact into the stream of the fact it voids, by the reporter's own ids", async () => {
    const { sample } = nativeFacts[0];
    const answer = await capture.send('POST', '/events', [
      cloudEvent('FactVoided', { eventId: 'V-1', voids: 'R 9' }),
      cloudEvent('GoodsReceived', { ...sample, eventId: 'R 9' }),
    ]);
    expect(answer.body).toMatchObject({ recorded: 2 });
    const stream = await capture.running.infrastructure.log.readStream('fact-urn:lotline:fact:urn%3Adairy%3Ames:R%209');
    expect(stream.map((event) => event.type)).toEqual(['FactVoided', 'GoodsReceived']);
  });
});
