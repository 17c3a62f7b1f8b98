import type { Amount } from '#kernel';
import type { Consignee, Totals, TracedShipment } from './answer.js';
import { exposureOf, totals } from './exposed-amount.js';
import type { Share } from './exposure.js';
import type { InferredMovement, LotNode, ShipmentNode } from './graph.js';
import { addTo, compareText, groupBy } from './grouping.js';

const UNKNOWN: Share = { share: null, why: 'not reached' };

/** What of a shipment concerns a trace; a piece whose lot is listed in the same unit is not listed again. */
const rowsOf = (
  shipment: ShipmentNode,
  concerns: (row: ShipmentNode['lots'][number], shipment: ShipmentNode) => boolean,
  lotsOf: ReadonlyMap<string, readonly string[]>,
): ShipmentNode['lots'][number][] => {
  const rows = shipment.lots.filter((row) => concerns(row, shipment));
  const listed = new Set(rows.map((row) => row.lot));
  return rows.filter((row) => !(lotsOf.get(row.lot) ?? []).some((lot) => listed.has(lot)));
};

export interface Outward {
  /** Whether a row of a shipment is of something reached. */
  concerns: (row: ShipmentNode['lots'][number], shipment: ShipmentNode) => boolean;
  /** The lots that serials state. */
  lotsOf: ReadonlyMap<string, readonly string[]>;
  shares: ReadonlyMap<string, Share>;
}

/** Shipments that carry what was reached, with how much of the suspects is in each row; in order of departure. */
export const shipmentsOf = (nodes: readonly ShipmentNode[], outward: Outward): TracedShipment[] =>
  nodes
    .map((node): TracedShipment => ({
      ...node,
      lots: rowsOf(node, outward.concerns, outward.lotsOf).map((row) => ({
        ...row,
        exposure: exposureOf(row.amount, outward.shares.get(row.lot) ?? UNKNOWN),
      })),
    }))
    .filter((shipment) => shipment.lots.length > 0)
    .sort((a, b) => compareText(timeOf(a), timeOf(b)) || compareText(a.id, b.id));

/** Without the Z, which would sort after the further digits of a finer time. */
const timeOf = (shipment: TracedShipment): string =>
  (shipment.shippedAt ?? shipment.receivedAt ?? '').replace(/Z$/, '');

interface Delivery {
  party: string;
  inferred: boolean;
  lot: string;
  amount: Amount | null;
}

/**
 * Who received what was reached, by record and, apart from it, by inference alone. Goods that stay with the party that
 * sent them make no consignee.
 */
export const consigneesOf = (
  shipments: readonly TracedShipment[],
  senders: ReadonlyMap<string, string | null>,
  inferred: readonly InferredMovement[],
  shares: ReadonlyMap<string, Share>,
): Consignee[] => {
  const deliveries: Delivery[] = [];
  for (const { id, consignee, lots } of shipments)
    if (consignee !== null && consignee !== senders.get(id))
      for (const { lot, amount } of lots) deliveries.push({ party: consignee, inferred: false, lot, amount });
  for (const { toParty, fromParty, lot, amount } of inferred)
    if (toParty !== null && toParty !== fromParty) deliveries.push({ party: toParty, inferred: true, lot, amount });

  return [...groupBy(deliveries, (d) => `${d.party}\n${d.inferred}`).values()]
    .flatMap((of): Consignee[] => {
      const [first] = of;
      if (first === undefined) return [];
      const amounts = new Map<string, Amount[]>();
      for (const { lot, amount } of of) {
        if (amount !== null) addTo(amounts, lot, amount);
        else if (!amounts.has(lot)) amounts.set(lot, []);
      }
      return [
        {
          party: first.party,
          ...(first.inferred && { inferred: true as const }),
          lots: [...amounts]
            .sort(([a], [b]) => compareText(a, b))
            .flatMap(([lot, sums]) =>
              (sums.length === 0 ? [null] : totals(sums)).map((amount) => ({
                lot,
                amount,
                exposure: exposureOf(amount, shares.get(lot) ?? UNKNOWN),
              })),
            ),
        },
      ];
    })
    .sort((a, b) => compareText(a.party, b.party) || Number(a.inferred ?? false) - Number(b.inferred ?? false));
};

/** Stock on hand of what was reached; pieces whose lot is listed at the same place are not counted again. */
export const stockOf = (
  lots: readonly LotNode[],
  lotsOf: ReadonlyMap<string, readonly string[]>,
): { lot: string; place: string | null; amount: Amount }[] => {
  const rows = lots
    .flatMap((lot) => lot.onHand.map(({ place, amount }) => ({ lot: lot.id, place, amount })))
    .filter((row) => row.amount.value !== '0');
  const listed = new Set(rows.map((row) => `${row.lot} ${row.place}`));
  return rows.filter((row) => !(lotsOf.get(row.lot) ?? []).some((lot) => listed.has(`${lot} ${row.place}`)));
};

/** Sums of what `consigneesOf` and `stockOf` list, and of what was scrapped. */
export const totalsOf = (
  lots: readonly LotNode[],
  lotsOf: ReadonlyMap<string, readonly string[]>,
  stock: readonly { amount: Amount }[],
  consignees: readonly Consignee[],
): Totals => {
  const listed = new Set(lots.map((lot) => lot.id));
  const whole = lots.filter(({ id }) => !(lotsOf.get(id) ?? []).some((lot) => lot !== id && listed.has(lot)));
  const received = (inferred: boolean): Amount[] =>
    totals(
      consignees
        .filter((c) => (c.inferred ?? false) === inferred)
        .flatMap((c) => c.lots.flatMap(({ amount }) => amount ?? [])),
    );
  return {
    lots: whole.length,
    onHand: totals(stock.map(({ amount }) => amount)),
    consigned: received(false),
    inferred: received(true),
    scrapped: totals(whole.flatMap((lot) => lot.scrapped ?? [])),
  };
};
