import { describe, expect, it } from '@jest/globals';
import {
  EpcisEventCaptured,
  factStream,
  FactVoided,
  LotHeld,
  nativeFacts,
  ParkedEventRetried,
  type RecordedEvent,
} from '#contracts';
import { partitionBy } from '#event-bus';
import { keyOf } from './key-of.js';

const recorded = (stream: string, type: string, data: unknown): RecordedEvent => ({
  id: '0d6c5f3e-2b8f-4b6e-9e0c-0a4a4b1f2c11',
  type,
  schemaVersion: 1,
  eventTime: '2026-03-01T09:00:00+01:00',
  data,
  meta: { source: 'spec', actor: 'spec', correlationId: 'spec' },
  stream,
  revision: 0,
  position: '0000000000000001',
  recordTime: '2026-03-01T08:00:01.000Z',
});
const epcis = (n: number, event: object): RecordedEvent =>
  recorded(factStream(`urn:event:${n}`), EpcisEventCaptured.type, {
    ...EpcisEventCaptured.sample,
    event: {
      type: 'ObjectEvent',
      eventID: `urn:event:${n}`,
      eventTime: '2026-03-01T08:00:00Z',
      eventTimeZoneOffset: '+01:00',
      action: 'OBSERVE',
      ...event,
    },
  });

describe('the key that an event travels by', () => {
  const lot = 'https://id.gs1.org/01/09506000134352/10/A';
  const quantityList = [{ epcClass: 'urn:epc:class:lgtin:9506000.013435.A' }];

  it('is the first lot of a fact, however it is written and whatever else the fact names', () => {
    expect(keyOf(epcis(1, { quantityList }))).toBe(lot);
    expect(keyOf(epcis(2, { quantityList: [{ epcClass: lot }, { epcClass: 'urn:other' }] }))).toBe(lot);
    expect(keyOf(epcis(3, { epcList: ['urn:epc:id:sscc:9506000.1234567890'], quantityList }))).toBe(lot);
  });

  it('is the unit where a fact names no lot, and the stream where it names nothing', () => {
    const unit = epcis(4, { epcList: ['urn:epc:id:sscc:9506000.1234567890'] });
    expect(keyOf(unit)).toMatch(/^https:\/\/id\.gs1\.org\/00\/\d{18}$/);
    expect(keyOf(recorded('fact-x', FactVoided.type, FactVoided.sample))).toBe('fact-x');
  });

  it('is a lot for every native fact that moves one', () => {
    const keys = nativeFacts
      .filter(({ type }) => type !== FactVoided.type)
      .map(({ type, sample }) => [type, keyOf(recorded('fact-x', type, sample))]);
    expect(keys.filter(([, key]) => key === 'fact-x')).toEqual([]);
  });

  it('is the stream of everything that is decided', () => {
    expect(keyOf(recorded('stock-1', LotHeld.type, LotHeld.sample))).toBe('stock-1');
  });

  it('is the stream where a fact cannot be read, which its consumers find out', () => {
    expect(keyOf(recorded('fact-x', EpcisEventCaptured.type, null))).toBe('fact-x');
  });

  it('brings decisions on a parked fact to where the fact went', () => {
    const fact = epcis(5, { quantityList });
    const decision = recorded('operations-projection-x', ParkedEventRetried.type, {
      ...ParkedEventRetried.sample,
      key: keyOf(fact),
    });
    const partitionOf = partitionBy(keyOf);
    for (const count of [2, 3, 7, 64]) expect(partitionOf(decision, count)).toBe(partitionOf(fact, count));
  });
});
