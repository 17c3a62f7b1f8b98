import { describe, expect, it } from '@jest/globals';
import type { ShipmentNode } from './graph.js';
import { shipmentsOf } from './outward.js';

const shipment = (id: string, shippedAt: string): ShipmentNode => ({
  id,
  from: null,
  to: null,
  sender: null,
  consignee: null,
  shippedAt,
  departureRecorded: true,
  lots: [{ lot: 'L', amount: null }],
  events: [id],
});

describe('shipments of a trace', () => {
  it('stand in order of departure, however finely the times were written', () => {
    const nodes = [
      shipment('third', '2026-03-01T08:00:47.68Z'),
      shipment('second', '2026-03-01T08:00:47.679Z'),
      shipment('first', '2026-03-01T08:00:47.67Z'),
    ];
    const told = shipmentsOf(nodes, { concerns: () => true, lotsOf: new Map(), shares: new Map() });
    expect(told.map(({ id }) => id)).toEqual(['first', 'second', 'third']);
  });
});
