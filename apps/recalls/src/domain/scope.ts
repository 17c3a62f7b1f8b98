import { ZERO, amountOf, decimal, decimalText, measure, type Amount, type Decimal } from '#kernel';
import type {
  Consignee,
  Cut,
  Exposure,
  ReachedPool,
  ReachedUnit,
  Scope as TracedScope,
  TraceDiscrepancy,
  TracedLot,
  TracedShipment,
} from '#traceability';
import type { DueNotice, FoundScope } from './decide.js';

export interface ScopeLot extends TracedLot {
  suspect: boolean;
  /** Ids of the events that made it from lots in scope; of a suspect none are needed. */
  because: readonly string[];
}

export interface ScopeStock {
  lot: string;
  place: string | null;
  /** Whose place it is, where anybody said. */
  party: string | null;
  /** Not at a partner's place: only of this do our books dispose. */
  ours: boolean;
  amount: Amount;
  exposure: Exposure;
}

/** Everything that suspects reach. */
export interface Scope {
  position: string;
  complete: boolean;
  cuts: readonly Cut[];
  /** Suspect lots that no event names. */
  unknown: readonly string[];
  /** Suspects of the case, by their index, that nothing recorded matches. */
  unmatched: readonly number[];
  lots: readonly ScopeLot[];
  shipments: readonly TracedShipment[];
  consignees: readonly (Consignee & { ours: boolean })[];
  stock: readonly ScopeStock[];
  units: readonly ReachedUnit[];
  pools: readonly ReachedPool[];
  discrepancies: readonly TraceDiscrepancy[];
}

const DECIMALS = 6;

const exposed = (amount: Amount | null, share: number | null, why: string | undefined): Exposure => ({
  worstCase: amount,
  share,
  proportional:
    amount === null || share === null
      ? null
      : { value: decimalText(decimal(amount.value).times(share).round(DECIMALS)), unit: amount.unit },
  ...(why !== undefined && { why }),
});

/** What genealogy says that suspects reach. */
export interface ReachedBySuspects extends Omit<TracedScope, 'stock' | 'consignees'> {
  suspects: readonly string[];
  unmatched: readonly number[];
  stock: readonly (TracedScope['stock'][number] & { party: string | null; ours: boolean })[];
  consignees: readonly (TracedScope['consignees'][number] & { ours: boolean })[];
}

/** The scope of a case: what its suspects reach, each lot with the events that brought it. */
export const scopeFrom = (reached: ReachedBySuspects): Scope => {
  const suspects = new Set(reached.suspects);
  const shares = new Map(reached.lots.map((lot) => [lot.id, lot.exposure]));
  const madeBy = new Map<string, string[]>();
  for (const { inputs, outputs, events } of reached.transformations)
    if (inputs.some((input) => shares.has(input.lot)))
      for (const { lot } of outputs) madeBy.set(lot, [...(madeBy.get(lot) ?? []), ...events]);
  return {
    position: reached.position,
    complete: reached.complete,
    cuts: reached.cuts ?? (reached.cut ? [reached.cut] : []),
    unknown: reached.unknown,
    unmatched: reached.unmatched,
    lots: reached.lots.map((lot) => ({
      ...lot,
      // What a suspect unit holds, and the serials of a suspect lot, are suspects themselves.
      suspect: suspects.has(lot.id) || lot.depth === 0,
      because: suspects.has(lot.id) ? [] : [...new Set(madeBy.get(lot.id))],
    })),
    shipments: reached.shipments,
    consignees: reached.consignees,
    stock: reached.stock.map((row) => {
      const share = shares.get(row.lot);
      return { ...row, exposure: exposed(row.amount, share?.share ?? null, share?.why) };
    }),
    units: reached.units,
    pools: reached.pools,
    discrepancies: reached.discrepancies,
  };
};

/** The scope without what decisions took out. */
export const without = (scope: Scope, excluded: ReadonlySet<string>): Scope => {
  if (excluded.size === 0) return scope;
  const stays = (row: { lot: string }): boolean => !excluded.has(row.lot);
  return {
    ...scope,
    lots: scope.lots.filter((lot) => !excluded.has(lot.id)),
    unknown: scope.unknown.filter((id) => !excluded.has(id)),
    stock: scope.stock.filter(stays),
    shipments: scope.shipments.map((s) => ({ ...s, lots: s.lots.filter(stays) })).filter((s) => s.lots.length > 0),
    consignees: scope.consignees.map((c) => ({ ...c, lots: c.lots.filter(stays) })).filter((c) => c.lots.length > 0),
    discrepancies: scope.discrepancies.filter((d) => !excluded.has(d.lot)),
  };
};

/** Events by what they tell of: by consignee of a shipment, and by lot that moved unrecorded. */
const causesIn = (scope: Scope): ((consignee: Consignee) => string[]) => {
  const shipped = Map.groupBy(scope.shipments, (shipment) => shipment.consignee);
  const moved = Map.groupBy(
    scope.discrepancies.filter((d) => d.kind === 'movement-not-recorded'),
    (d) => d.lot,
  );
  return ({ party, inferred, lots }) =>
    inferred === true
      ? lots.flatMap((row) => (moved.get(row.lot) ?? []).flatMap((d) => d.events))
      : (shipped.get(party) ?? []).flatMap((s) => s.events);
};

/** Suspects that the record does not know yet are in scope too. */
export const foundScope = (scope: Scope): FoundScope => {
  const causesOf = causesIn(scope);
  return {
    position: scope.position,
    lots: [
      // A unit is no lot: its stock is that of the lots in it.
      ...scope.lots
        .filter((lot) => lot.kind !== 'unit')
        .map((lot) => ({ lot: lot.id, suspect: lot.suspect, because: lot.because })),
      ...scope.unknown.map((id) => ({ lot: id, suspect: true, because: [] })),
    ],
    shipments: scope.shipments.map((s) => ({ shipment: s.id, consignee: s.consignee, because: s.events })),
    consignees: scope.consignees.map((c) => ({
      party: c.party,
      inferred: c.inferred === true,
      lots: [...new Set(c.lots.map((row) => row.lot))].sort(),
      because: causesOf(c),
    })),
  };
};

/** What each consignee that is not ourselves is to be told: its lots with amounts, in a stable order. */
export const dueNotices = (scope: Scope): DueNotice[] =>
  scope.consignees
    .filter((c) => !c.ours)
    .map((c) => ({
      consignee: c.party,
      inferred: c.inferred === true,
      lots: [...Map.groupBy(c.lots, (row) => row.lot)]
        .map(([lot, rows]) => ({ lot, amounts: rows.flatMap((row) => row.amount ?? []) }))
        .sort((a, b) => (a.lot < b.lot ? -1 : 1)),
    }));

export interface Located {
  /** Of the suspects: all that was made or received of them. */
  suspect: Amount;
  /** Of that, what is in stock on hand now, by shares. */
  onHand: Amount;
  /** Of that, what was scrapped, by shares. */
  scrapped: Amount;
  /** `onHand` and `scrapped` in percent of `suspect`, at most 100; what is missing was sold, lost or is not recorded. */
  percent: number;
}

/** How much of the suspect amount can be pointed at, one entry a dimension; lots of unknown share are left out. */
export const located = (scope: Scope): Located[] => {
  const sums = new Map<string, { suspect: Decimal; onHand: Decimal; scrapped: Decimal }>();
  const add = (kind: 'suspect' | 'onHand' | 'scrapped', amount: Amount | null | undefined): void => {
    if (!amount) return;
    const { value, dimension } = measure(amount.value, amount.unit);
    const sum = sums.get(dimension) ?? { suspect: ZERO, onHand: ZERO, scrapped: ZERO };
    sums.set(dimension, { ...sum, [kind]: sum[kind].plus(value) });
  };
  for (const lot of scope.lots) {
    if (lot.suspect) add('suspect', lot.exposure?.worstCase);
    for (const amount of lot.scrapped ?? [])
      add('scrapped', exposed(amount, lot.exposure?.share ?? 0, undefined).proportional);
  }
  for (const row of scope.stock) add('onHand', row.exposure.proportional);
  return [...sums]
    .filter(([, sum]) => sum.suspect.gt(ZERO))
    .map(([dimension, { suspect, onHand, scrapped }]) => ({
      suspect: amountOf(suspect, dimension),
      onHand: amountOf(onHand, dimension),
      scrapped: amountOf(scrapped, dimension),
      percent: Math.min(100, Number(onHand.plus(scrapped).div(suspect).times(100).toFixed(2))),
    }));
};
