import { type Amount, amountOf, decimal, type Decimal, ZERO } from '#kernel';
import type { LotDates } from '../../happening.js';
import type { InferredMovement, Leg, LotNode, ShipmentNode, TransformationNode } from '../../trace/index.js';
import type { ConsumptionRow, LotRow, MoveRow, ShipmentRow } from '../derive/lot-rows.js';
import { compareText } from '../derive/order.js';

/** Time keys are UTC without a zone mark; answers show it. */
export const shownTime = (key: string): string => `${key}Z`;

export const lotNode = (row: LotRow, dates: LotDates, parked: readonly string[]): LotNode => ({
  id: row.id,
  kind: row.kind === 'serial' || row.kind === 'unit' ? row.kind : 'lot',
  item: row.item,
  lotCode: row.lot_code,
  ...(row.supplier_lot !== null && { supplierLot: row.supplier_lot }),
  dates,
  status: row.status,
  made: row.made,
  received: row.received,
  ...(row.scrapped.length > 0 && { scrapped: row.scrapped }),
  onHand: row.on_hand,
  ...(row.origins.length > 0 && { origins: row.origins }),
  ...(parked.length > 0 && { parked }),
});

const sumBy = <T>(
  rows: readonly T[],
  key: (row: T) => string,
  part: (row: T) => { value: string; dimension: string },
): { first: T; amount: Amount }[] => {
  const sums = new Map<string, { first: T; value: Decimal; dimension: string }>();
  for (const row of rows) {
    const { value, dimension } = part(row);
    const id = `${key(row)} ${dimension}`;
    const sum = sums.get(id) ?? { first: row, value: ZERO, dimension };
    sums.set(id, { ...sum, value: sum.value.plus(decimal(value)) });
  }
  return [...sums]
    .sort(([a], [b]) => compareText(a, b))
    .map(([, { first, value, dimension }]) => ({ first, amount: amountOf(value, dimension) }));
};

const first = <T>(values: readonly (T | null)[]): T | null => values.find((value) => value !== null) ?? null;
const earliest = (values: readonly (string | null)[]): string | undefined =>
  values.filter((value) => value !== null).sort(compareText)[0];

/** Legs of one departure (or receiving) as one shipment, with all its rows. */
export const shipmentNodes = (rows: readonly ShipmentRow[]): ShipmentNode[] =>
  [...Map.groupBy(rows, (row) => row.shipment)]
    .sort(([a], [b]) => compareText(a, b))
    .map(([id, group]) => {
      const legs = [...group].sort((a, b) => compareText(a.lot, b.lot) || compareText(a.id, b.id));
      const shippedAt = earliest(legs.map((leg) => leg.shipped_at));
      const receivedAt = earliest(legs.map((leg) => leg.received_at));
      return {
        id,
        from: first(legs.map((leg) => leg.from_place)),
        to: first(legs.map((leg) => leg.to_place)),
        sender: first(legs.map((leg) => leg.from_party)),
        consignee: first(legs.map((leg) => leg.consignee)),
        ...(shippedAt !== undefined && { shippedAt: shownTime(shippedAt) }),
        departureRecorded: legs.every((leg) => leg.departure_recorded),
        ...(receivedAt !== undefined && { receivedAt: shownTime(receivedAt) }),
        lots: sumBy(
          legs,
          (leg) => `${leg.lot} ${leg.unit ?? ''}`,
          (leg) => leg,
        ).map(({ first: leg, amount }) => ({
          lot: leg.lot,
          amount,
          ...(leg.unit !== null && { unit: leg.unit }),
        })),
        events: [...new Set(legs.flatMap((leg) => leg.events))].sort(compareText),
      };
    });

export const inferredMovement = (row: MoveRow): InferredMovement => ({
  lot: row.lot,
  from: row.from_place ?? row.from_party ?? '',
  to: row.to_place ?? row.consignee ?? '',
  fromParty: row.from_party,
  toParty: row.consignee,
  amount: amountOf(decimal(row.value), row.dimension),
  events: row.events,
});

/**
 * A unit among the inputs is what it held at that moment, as the ledgers of those lots have it; where they have nothing, the
 * unit itself stays.
 */
export const withContents = (node: TransformationNode, consumed: readonly ConsumptionRow[]): TransformationNode => {
  if (!node.inputs.some((leg) => leg.kind === 'unit')) return node;
  const stated = new Set(node.inputs.map((leg) => leg.lot));
  const contents = sumBy(
    consumed.filter((row) => row.transformation === node.id && !stated.has(row.lot)),
    (row) => `${row.lot} ${row.event}`,
    (row) => row,
  ).map(({ first: row, amount }): Leg => ({
    lot: row.lot,
    kind: 'lot',
    amount,
    at: row.time,
    ...(row.place !== null && { place: row.place }),
  }));
  if (contents.length === 0) return node;
  return { ...node, inputs: [...node.inputs.filter((leg) => leg.kind !== 'unit'), ...contents] };
};
