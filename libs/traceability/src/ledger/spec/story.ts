import { decimalText } from '#kernel';
import type { Happening, MasterData } from '../../happening.js';
import { foldLot } from '../fold.js';
import type { FoldOptions, LotLedger } from '../types.js';

/** A ledger in a few short lines: "100 mass at A in U1", "-> b 5 mass in U1", "kind amount from -> place by events". */
export interface Story {
  stock: string[];
  shipped: string[];
  found: string[];
  legs: string[];
}

const inUnit = (unit: string | undefined): string => (unit === undefined ? '' : ` in ${unit}`);

export const story = (ledger: LotLedger): Story => ({
  stock: ledger.balances.map((b) => {
    const received = b.received.eq(0)
      ? ''
      : b.received.eq(b.value)
        ? ' received'
        : ` received ${decimalText(b.received)}`;
    return `${decimalText(b.value)} at ${b.place}${inUnit(b.unit)}${received}`;
  }),
  shipped: ledger.accounts.flatMap(({ account, value }) =>
    account.kind === 'shipped' ? [`${decimalText(value)} to ${account.to}${inUnit(account.unit)}`] : [],
  ),
  found: ledger.discrepancies.map((d) =>
    [
      d.kind,
      d.amount?.value,
      d.from && `from ${d.from}`,
      d.place && `at ${d.place}`,
      d.unit && `in ${d.unit}`,
      `by ${d.events.join('+')}`,
    ]
      .filter((part) => part !== undefined)
      .join(' '),
  ),
  legs: ledger.shipments.map((s) =>
    [
      `${s.departure ?? 'no departure'}: ${decimalText(s.value)}${inUnit(s.unit)} ${s.fromParty ?? '?'} -> ${s.consignee ?? '?'}`,
      ...s.arrivals.map((a) => `${a.how} ${decimalText(a.value)} by ${a.event}`),
      ...(s.outstanding.eq(0) ? [] : [`open ${decimalText(s.outstanding)}`]),
    ].join(', '),
  ),
});

export const tell = (lot: string, happenings: readonly Happening[], master: MasterData, options?: FoldOptions): Story =>
  story(foldLot(lot, happenings, master, options));
