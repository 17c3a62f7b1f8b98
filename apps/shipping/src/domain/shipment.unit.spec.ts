import { describe, expect, it } from '@jest/globals';
import {
  decided,
  DispatchAbandoned,
  ReturnReceived,
  ShipmentCancelled,
  ShipmentDelivered,
  ShipmentDispatched,
  ShipmentPacked,
  ShipmentPlanned,
} from '#contracts';
import { given } from '#testkit';
import { shipmentDecider, stockOf, type ShipmentCommand } from './decide.js';
import type { Plan, Shipment, ShipmentEvent } from './shipment.js';

const NOW = '2026-04-20T10:00:00Z';
const kg = (value: string): { value: string; unit: string } => ({ value, unit: 'KGM' });
const plan: Plan = {
  shipment: 'S-1',
  from: 'urn:p:plant',
  consignee: 'urn:c:shop',
  to: 'urn:p:shop',
  lines: [
    { lot: 'urn:l:a', amount: kg('100') },
    { lot: 'urn:l:b', amount: kg('50') },
  ],
};
const planned = decided(ShipmentPlanned, NOW, plan);
const packed = decided(ShipmentPacked, NOW, {
  shipment: 'S-1',
  unit: 'urn:u:1',
  place: 'urn:p:plant',
  contents: [{ lot: 'urn:l:a', amount: kg('60') }],
});
const loads = [
  { lot: 'urn:l:a', amount: kg('60'), unit: 'urn:u:1' },
  { lot: 'urn:l:a', amount: kg('40') },
  { lot: 'urn:l:b', amount: kg('50') },
];
const dispatched = decided(ShipmentDispatched, NOW, {
  shipment: 'S-1',
  attempt: 1,
  from: 'urn:p:plant',
  consignee: 'urn:c:shop',
  to: 'urn:p:shop',
  loads,
});
const abandoned = decided(DispatchAbandoned, NOW, { shipment: 'S-1', attempt: 1, reason: 'cut short' });
const cancelled = decided(ShipmentCancelled, NOW, { shipment: 'S-1', reason: 'order cancelled' });

const after = (...history: ShipmentEvent[]): ReturnType<typeof given<Shipment, ShipmentCommand, ShipmentEvent>> =>
  given(shipmentDecider, ...history);

describe('planning', () => {
  it('plans once', () => {
    after().when({ type: 'plan', plan, now: NOW }).then(planned);
    after(planned).when({ type: 'plan', plan, now: NOW }).thenNothing();
    after(planned)
      .when({ type: 'plan', plan: { ...plan, consignee: 'urn:c:other' }, now: NOW })
      .thenRefused('shipment-exists');
  });
  it('is needed for everything else', () => {
    after().when({ type: 'dispatch', attempt: 1, now: NOW }).thenRefused('shipment-unknown');
  });
});

describe('packing', () => {
  const contents = [{ lot: 'urn:l:a', amount: kg('60') }];
  it('packs a unit once', () => {
    after(planned).when({ type: 'pack', unit: 'urn:u:1', contents, now: NOW }).then(packed);
    after(planned, packed).when({ type: 'pack', unit: 'urn:u:1', contents, now: NOW }).thenNothing();
    after(planned, packed)
      .when({ type: 'pack', unit: 'urn:u:1', contents: [{ lot: 'urn:l:b', amount: kg('1') }], now: NOW })
      .thenRefused('unit-packed');
  });
  it('packs no more than is planned, whatever the unit of measure', () => {
    after(planned, packed)
      .when({
        type: 'pack',
        unit: 'urn:u:2',
        contents: [{ lot: 'urn:l:a', amount: { value: '40001', unit: 'GRM' } }],
        now: NOW,
      })
      .thenRefused('more-than-planned');
  });
  it('is over once the shipment left', () => {
    after(planned, packed, dispatched)
      .when({ type: 'pack', unit: 'urn:u:2', contents, now: NOW })
      .thenRefused('shipment-not-planned');
  });
});

describe('dispatch', () => {
  it('sends units with their contents and the rest loose', () => {
    after(planned, packed).when({ type: 'dispatch', attempt: 1, now: NOW }).then(dispatched);
  });
  it('happens once', () => {
    after(planned, packed, dispatched).when({ type: 'dispatch', attempt: 1, now: NOW }).thenNothing();
  });
  it('is refused for what was cancelled', () => {
    after(planned, cancelled).when({ type: 'dispatch', attempt: 1, now: NOW }).thenRefused('shipment-cancelled');
  });
  it('of an attempt given up is not recorded any more; the next one is', () => {
    after(planned, packed, abandoned)
      .when({ type: 'dispatch', attempt: 1, now: NOW })
      .thenRefused('dispatch-abandoned');
    after(planned, packed, abandoned)
      .when({ type: 'dispatch', attempt: 2, now: NOW })
      .then({ ...dispatched, data: { ...dispatched.data, attempt: 2 } });
  });
  it('that was recorded is not given up', () => {
    after(planned, packed).when({ type: 'abandon', attempt: 1, reason: 'cut short', now: NOW }).then(abandoned);
    after(planned, packed, dispatched)
      .when({ type: 'abandon', attempt: 1, reason: 'cut short', now: NOW })
      .thenNothing();
    after(planned, abandoned).when({ type: 'abandon', attempt: 1, reason: 'cut short', now: NOW }).thenNothing();
  });
  it('asks for each lot once', () => {
    const shipment = after()
      .when({
        type: 'plan',
        plan: { ...plan, lines: [...plan.lines, { lot: 'urn:l:a', amount: { value: '1', unit: 'TNE' } }] },
        now: NOW,
      })
      .state();
    expect(stockOf(shipment!)).toEqual([
      { lot: 'urn:l:a', amount: kg('1100') },
      { lot: 'urn:l:b', amount: kg('50') },
    ]);
  });
});

describe('delivery', () => {
  const delivered = decided(ShipmentDelivered, NOW, {
    shipment: 'S-1',
    from: 'urn:p:plant',
    consignee: 'urn:c:shop',
    place: 'urn:p:shop',
    loads,
  });
  it('brings what left to where it was sent', () => {
    after(planned, packed, dispatched).when({ type: 'deliver', now: NOW }).then(delivered);
    after(planned, packed, dispatched, delivered).when({ type: 'deliver', now: NOW }).thenNothing();
  });
  it('brings less, but never more, and nothing that did not leave', () => {
    after(planned, packed, dispatched)
      .when({ type: 'deliver', loads: [{ lot: 'urn:l:b', amount: kg('51') }], now: NOW })
      .thenRefused('more-than-dispatched');
    after(planned).when({ type: 'deliver', now: NOW }).thenRefused('shipment-not-dispatched');
    after(planned, packed, dispatched, delivered)
      .when({ type: 'deliver', loads: [{ lot: 'urn:l:b', amount: kg('50') }], now: NOW })
      .thenRefused('delivery-exists');
  });
});

describe('return', () => {
  const lines = [{ lot: 'urn:l:b', place: 'urn:p:plant', amount: kg('30') }];
  const returned = decided(ReturnReceived, NOW, {
    shipment: 'S-1',
    return: 'RMA-1',
    consignee: 'urn:c:shop',
    lines,
    reason: 'recall',
  });
  it('takes back what left, once', () => {
    const command = { type: 'return' as const, return: 'RMA-1', lines, reason: 'recall', now: NOW };
    after(planned, packed, dispatched).when(command).then(returned);
    after(planned, packed, dispatched, returned).when(command).thenNothing();
    after(planned, packed, dispatched, returned)
      .when({ ...command, return: 'RMA-2' })
      .thenRefused('more-than-dispatched');
    after(planned).when(command).thenRefused('shipment-not-dispatched');
  });
});

describe('cancelling', () => {
  it('is possible until it left', () => {
    after(planned).when({ type: 'cancel', reason: 'order cancelled', now: NOW }).then(cancelled);
    after(planned, cancelled).when({ type: 'cancel', reason: 'again', now: NOW }).thenNothing();
    after(planned, packed, dispatched)
      .when({ type: 'cancel', reason: 'late', now: NOW })
      .thenRefused('shipment-dispatched');
  });
});
