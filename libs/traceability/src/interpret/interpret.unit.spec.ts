import { describe, expect, it } from '@jest/globals';
import * as contracts from '#contracts';
import type { EventDefinition, RecordedEvent } from '#contracts';
import fc from 'fast-check';
import { interpret, interpretedTypes } from './index.js';

const definitions = (Object.values(contracts) as unknown[]).filter(
  (value): value is EventDefinition =>
    value !== null && typeof value === 'object' && 'sample' in value && 'context' in value && 'type' in value,
);

const recorded = (type: string, data: unknown, eventTime = '2026-03-01T09:00:00+01:00'): RecordedEvent => ({
  id: '0d6c5f3e-2b8f-4b6e-9e0c-0a4a4b1f2c11',
  type,
  schemaVersion: 1,
  eventTime,
  data,
  meta: { source: 'plant-mes', actor: 'spec', correlationId: 'spec' },
  stream: 'spec',
  revision: 0,
  position: '0000000000000001',
  recordTime: '2026-03-01T08:00:01.000Z',
});

describe('interpret', () => {
  it('reads the sample of every event that it claims to read', () => {
    for (const type of interpretedTypes) {
      const definition = definitions.find((d) => d.type === type);
      expect([type, definition?.type]).toEqual([type, type]);
      const happenings = interpret(recorded(type, definition?.sample));
      expect(happenings.length).toBeGreaterThan(0);
      for (const h of happenings) expect(h.logId).toBe('0d6c5f3e-2b8f-4b6e-9e0c-0a4a4b1f2c11');
    }
  });

  it('says nothing of events that move no goods', () => {
    const silent = definitions.filter((d) => !interpretedTypes.includes(d.type)).map((d) => d.type);
    expect(silent).toEqual(expect.arrayContaining(['StockAllocated', 'StockIssued', 'RecallOpened', 'RunStarted']));
    for (const definition of definitions)
      if (silent.includes(definition.type)) expect(interpret(recorded(definition.type, definition.sample))).toEqual([]);
  });

  it('never throws, whatever stands in an EPCIS event that validation let through', () => {
    const anything = fc.jsonValue({ maxDepth: 3 });
    const names = ['epcList', 'quantityList', 'ilmd', 'bizStep', 'action', 'readPoint', 'sourceList', 'parentID'];
    fc.assert(
      fc.property(
        fc.constantFrom('ObjectEvent', 'AggregationEvent', 'TransformationEvent', 'TransactionEvent', 'Strange'),
        fc.dictionary(fc.constantFrom(...names), anything),
        (type, event) => {
          const data = { eventId: 'urn:uuid:1', declaration: false, event: { ...event, type }, prefixes: {} };
          expect(Array.isArray(interpret(recorded('EpcisEventCaptured', data)))).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('splits a dispatch by unit, so that a fact about one pallet confirms that pallet alone', () => {
    const unit = (n: number): string => `https://id.gs1.org/00/09506000100000001${n}`;
    const from = 'https://id.gs1.org/414/9506000100016';
    const lot = 'https://id.gs1.org/01/09506000134352/10/A';
    const amount = { value: '5', unit: 'KGM' };
    const happenings = interpret(
      recorded('ShipmentDispatched', {
        shipment: 'S-1',
        attempt: 1,
        from,
        consignee: 'https://id.gs1.org/417/9506000300034',
        loads: [
          { lot, amount, unit: unit(1) },
          { lot, amount, unit: unit(2) },
          { lot, amount },
        ],
      }),
    );
    const ships = happenings.filter((h) => h.verb === 'ship');
    expect(ships.map((h) => [h.things.map((t) => t.id), h.alsoKnownAs])).toEqual([
      [[unit(1)], [`${unit(1)}@${from}`]],
      [[unit(2)], [`${unit(2)}@${from}`]],
      [[lot], undefined],
    ]);
    expect(new Set(ships.map((h) => h.act))).toEqual(new Set(['shipment:S-1']));
    expect(happenings.filter((h) => h.verb === 'contain').map((h) => h.parent)).toEqual([unit(1), unit(2)]);
  });

  it('voids and restates a corrected transformation, also at other places', () => {
    const place = 'https://id.gs1.org/414/9506000100016';
    const silo = `${place}/254/SILO`;
    const lot = (code: string): string => `https://id.gs1.org/01/09506000134352/10/${code}`;
    const amount = { value: '5', unit: 'KGM' };
    const happenings = interpret(
      recorded('TransformationCorrected', {
        transformation: 'urn:lotline:transformation:R-1',
        act: 'transformation:urn:lotline:transformation:R-1',
        run: 'R-1',
        reason: 'typing error',
        voids: '2f9d1c1e-8a6b-8f1d-9b0e-3c2f4a5b6c7d',
        statement: {
          kind: 'rework',
          place,
          inputs: [{ lot: lot('A'), amount, place: silo }],
          outputs: [{ lot: lot('B'), amount, role: 'waste', dates: { expiry: '2026-05-01' } }],
        },
      }),
    );
    expect(happenings.map((h) => [h.verb, h.bizLocation, h.things.map((t) => t.id), h.voids])).toEqual([
      ['transform', place, [], undefined],
      ['transform', silo, [lot('A')], undefined],
      ['note', undefined, [], '2f9d1c1e-8a6b-8f1d-9b0e-3c2f4a5b6c7d'],
    ]);
    expect(happenings[0]).toMatchObject({
      outputs: [{ id: lot('B'), role: 'waste' }],
      dates: { [lot('B')]: { expiry: '2026-05-01' } },
      transformationKind: 'rework',
      alsoKnownAs: ['urn:lotline:transformation:R-1', 'run:R-1'],
    });
  });

  it('lets a delivery confirm the delivery of a shipment and not its departure', () => {
    const delivered = interpret(
      recorded('GoodsDelivered', {
        eventId: 'urn:uuid:2',
        place: '9506000100016',
        shipmentId: 'S-1',
        references: [{ type: 'shipment', id: 'S-1' }],
      }),
    );
    expect(delivered).toMatchObject([{ verb: 'receive', confirms: ['delivery:S-1'], shipment: 'S-1', things: [] }]);
  });
});
