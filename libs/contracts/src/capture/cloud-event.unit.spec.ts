import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseLossless } from '#kernel';
import { readCloudEvent } from './cloud-event.js';
import { nativeContentKey } from './native-content.js';
import { nativeEventId } from './native-event-id.js';
import { nativeFacts } from './native-facts.js';
import { itemIdOf, lotIdOf, placeIdOf, unitIdOf } from './native-ids.js';

const cloudEvent = (type: string, { eventId, ...data }: Record<string, unknown>) => ({
  specversion: '1.0',
  id: eventId,
  source: 'urn:dairy:mes',
  type,
  time: '2026-01-17T09:30:00+01:00',
  data,
});
const factOf = (value: unknown) => {
  const read = readCloudEvent(value);
  if ('problems' in read) throw new Error(JSON.stringify(read.problems));
  return read.fact;
};

describe('reading a CloudEvent', () => {
  it.each(nativeFacts.map((fact) => [fact.type, fact] as const))('takes %s', (type, { sample }) => {
    expect(factOf(cloudEvent(type, sample))).toEqual({
      type,
      schemaVersion: 1,
      eventId: sample.eventId,
      eventTime: '2026-01-17T09:30:00+01:00',
      source: 'urn:dairy:mes',
      data: sample,
    });
  });

  it('lets extension attributes and numbers of extensions through as written', () => {
    const { sample } = nativeFacts[0];
    const extensions = parseLossless('{"temperature":4.50}');
    const fact = factOf({ ...cloudEvent('GoodsReceived', { ...sample, extensions }), traceparent: '00-x' });
    expect(JSON.stringify(fact.data.extensions)).toBe('{"temperature":4.50}');
  });

  it.each([['an id of its own in data', cloudEvent('LotMoved', { ...nativeFacts[2].sample }), { eventId: 'urn:x:1' }]])(
    'refuses %s',
    (_, value, more) => {
      const read = readCloudEvent({ ...value, data: { ...value.data, ...more } });
      expect(read).toMatchObject({ problems: [{ code: 'unknown-field', field: '/data/eventId' }] });
    },
  );

  it('asks production for inputs or outputs', () => {
    const empty = cloudEvent('ProductionRecorded', { eventId: 'P', place: 'urn:x:place', inputs: [], outputs: [] });
    expect(readCloudEvent(empty)).toMatchObject({ problems: [{ code: 'missing-field', field: '/data/outputs' }] });
  });

  it('answers any JSON with problems, never with an exception', () => {
    const mutated = fc.record({ fact: fc.constantFrom(...nativeFacts), value: fc.jsonValue() });
    fc.assert(
      fc.property(mutated, ({ fact, value }) => {
        expect('problems' in readCloudEvent(value)).toBe(true);
        for (const field of Object.keys(fact.sample))
          readCloudEvent(cloudEvent(fact.type, { ...fact.sample, [field]: value }));
      }),
    );
  });
});

describe('the id of a native fact', () => {
  it.each([
    ['404D95FC-9457-4A51-BD6A-0BBA133845A8', 'urn:uuid:404d95fc-9457-4a51-bd6a-0bba133845a8'],
    ['urn:uuid:404D95FC-9457-4A51-BD6A-0BBA133845A8', 'urn:uuid:404d95fc-9457-4a51-bd6a-0bba133845a8'],
    ['urn:mes:17', 'urn:mes:17'],
    ['17', 'urn:lotline:fact:%2Fmes:17'],
    ['PO:17', 'urn:lotline:fact:%2Fmes:PO%3A17'],
  ])('%s from the source /mes is %s', (id, canonical) => expect(nativeEventId(id, '/mes')).toBe(canonical));

  it('never takes two facts of two sources for one', () => {
    const text = fc.string({ minLength: 1 });
    fc.assert(
      fc.property(text, text, text, text, (id1, source1, id2, source2) => {
        fc.pre(!/^(urn|https?|ni|tag):/i.test(id1) && !/^(urn|https?|ni|tag):/i.test(id2));
        expect(nativeEventId(id1, source1) === nativeEventId(id2, source2)).toBe(id1 === id2 && source1 === source2);
      }),
    );
  });
});

describe('the ids in a native fact', () => {
  it.each([
    [{ item: '09521321000032', lotCode: 'Y/1' }, 'https://id.gs1.org/01/09521321000032/10/Y%2F1'],
    [{ item: 'urn:epc:idpat:sgtin:9521321.000003.*', lotCode: 'Y' }, 'https://id.gs1.org/01/09521321000032/10/Y'],
    [{ item: 'urn:x:milk', lotCode: 'Y 1' }, 'urn:lotline:lot:-:urn%3Ax%3Amilk:Y%201'],
    [
      { item: 'urn:x:milk', lotCode: 'Y', issuer: '9521321000018' },
      'urn:lotline:lot:https%3A%2F%2Fid.gs1.org%2F417%2F9521321000018:urn%3Ax%3Amilk:Y',
    ],
    ['urn:epc:class:lgtin:9521321.000003.Y', 'https://id.gs1.org/01/09521321000032/10/Y'],
  ])('%j is the lot %s', (ref, id) => expect(lotIdOf(ref)).toMatchObject({ id, kind: 'lot' }));

  it('may be digits', () => {
    expect(placeIdOf('9521321000018')).toMatchObject({ id: 'https://id.gs1.org/414/9521321000018', kind: 'place' });
    expect(unitIdOf('195213210000000015').kind).toBe('unit');
    expect(itemIdOf('96385074').id).toBe('https://id.gs1.org/01/00000096385074');
    expect(itemIdOf('96385075').warning).toBeDefined();
  });
});

describe('the content of a native fact', () => {
  const key = (type: string, data: Record<string, unknown>, time = '2026-01-17T09:30:00+01:00'): string =>
    nativeContentKey(factOf({ ...cloudEvent(type, data), time }));

  it('does not depend on key and list order, id forms, decimals and offsets', () => {
    const one = {
      eventId: 'S',
      from: '9521321000018',
      units: ['195213210000000015', 'urn:x:tote:1'],
      goods: [
        {
          lot: { item: '09521321000032', lotCode: 'Y' },
          quantity: { value: '40', unit: 'KGM' },
          dates: { expiry: '2026-02-21' },
        },
        { lot: 'urn:x:lot:2' },
      ],
    };
    const other = {
      goods: [
        { lot: 'urn:x:lot:2' },
        {
          dates: { expiry: '2026-02-21T00:00:00+01:00' },
          quantity: { unit: 'KGM', value: '40.00' },
          lot: 'urn:epc:class:lgtin:9521321.000003.Y',
        },
      ],
      units: ['urn:x:tote:1', 'https://id.gs1.org/00/195213210000000015'],
      from: 'https://id.gs1.org/414/9521321000018',
      eventId: 'S',
    };
    expect(key('GoodsShipped', one)).toBe(key('GoodsShipped', other, '2026-01-17T08:30:00Z'));
  });

  it.each([
    ['a quantity', { quantity: { value: '41', unit: 'KGM' } }],
    ['a unit of measure', { quantity: { value: '40', unit: 'GRM' } }],
    ['a lot', { lot: 'urn:x:lot:3' }],
    ['a date', { dates: { expiry: '2026-02-22' } }],
  ])('depends on %s', (_, changes) => {
    const goods = { lot: 'urn:x:lot:2', quantity: { value: '40', unit: 'KGM' } };
    const moved = (g: unknown) => key('LotMoved', { eventId: 'M', to: 'urn:x:place', goods: [g] });
    expect(moved({ ...goods, ...changes })).not.toBe(moved(goods));
  });
});
