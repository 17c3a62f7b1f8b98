import { column } from './column.js';

/** What was handed from one party to another. */
export interface Consignment {
  /** Number of the shipment. */
  shipment: number;
  sender: number;
  consignee: number;
  lot: number;
  /** Thousandths. */
  amount: number;
}

export interface Consignments {
  readonly count: number;
  add(row: Consignment): void;
  get(n: number): Consignment;
}

export const shipmentText = (seed: number, shipment: number): string => `S${seed}-${shipment}`;

export const consignmentsOf = (): Consignments => {
  const [shipment, sender, consignee, lot, amount] = [
    column('int32'),
    column('int32'),
    column('int32'),
    column('int32'),
    column('float64'),
  ];
  return {
    get count() {
      return lot.length;
    },
    add: (row) => {
      shipment.push(row.shipment);
      sender.push(row.sender);
      consignee.push(row.consignee);
      lot.push(row.lot);
      amount.push(row.amount);
    },
    get: (n) => ({
      shipment: shipment.get(n),
      sender: sender.get(n),
      consignee: consignee.get(n),
      lot: lot.get(n),
      amount: amount.get(n),
    }),
  };
};
