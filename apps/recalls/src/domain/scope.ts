import { ZERO, amountOf, decimal, decimalText, measure, type Amount, type Decimal } from '#kernel';
import type {
  Consignee,
  Cut,
  Exposure,
  ReachedPool,
  ReachedUnit,
  Trace,
  TraceDiscrepancy,
  TracedLot,
  TracedShipment,
} from '#traceability';
import { combinedShare, weightsOf } from './combined-shares.js';
import type { DueNotice, FoundScope } from './decide.js';

export interface ScopeLot extends TracedLot {
  suspect: boolean;
  /** Ids of the events that made it from lots in scope; of a suspect none are needed. */
  because: readonly string[];
}

/** Everything that suspects reach, by the traces of each of them, put together. */
export interface Scope {
  position: string;
  complete: boolean;
  cuts: readonly Cut[];
  lots: readonly ScopeLot[];
  shipments: readonly TracedShipment[];
  consignees: readonly Consignee[];
  stock: readonly { lot: string; place: string | null; amount: Amount; exposure: Exposure }[];
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

const byKey = <T>(items: readonly T[], key: (item: T) => string): T[] => [
  ...new Map(items.map((item) => [key(item), item])).values(),
];

/**
 * @param traces forward, one a suspect that the record knows.
 * @param suspects all suspect lots, known or not.
 */
export const scopeOf = (traces: readonly Trace[], suspects: readonly string[]): Scope => {
  const shares = new Map<string, Map<string, { share: number | null; why?: string }>>();
  for (const trace of traces) {
    const own = new Map<string, { share: number | null; why?: string }>();
    for (const lot of trace.forward?.lots ?? [])
      if (lot.exposure)
        own.set(lot.id, { share: lot.exposure.share, ...(lot.exposure.why && { why: lot.exposure.why }) });
    shares.set(trace.lot.id, own);
  }
  const traced = traces.map((trace) => trace.lot.id);
  const shareOf = (suspect: string, lot: string): number | null => {
    if (suspect === lot) return 1;
    const found = shares.get(suspect)?.get(lot);
    return found ? found.share : 0;
  };
  const weights = weightsOf(traced, shareOf);
  const shareIn = (lot: string): number | null => combinedShare(traced, weights, shareOf, lot);
  const whyIn = (lot: string): string | undefined =>
    shareIn(lot) === null
      ? (traced.map((s) => shares.get(s)?.get(lot)?.why).find((why) => why !== undefined) ??
        'a share between suspects is unknown')
      : undefined;
  const exposureIn = (lot: string, amount: Amount | null): Exposure => exposed(amount, shareIn(lot), whyIn(lot));

  const reached = new Map<string, TracedLot>();
  for (const trace of traces)
    for (const lot of [trace.lot, ...(trace.forward?.lots ?? [])]) {
      const before = reached.get(lot.id);
      if (!before || lot.depth < before.depth) reached.set(lot.id, lot);
    }
  const forwards = traces.flatMap((trace) => trace.forward ?? []);
  const transformations = byKey(
    forwards.flatMap((f) => f.transformations),
    (t) => t.id,
  );
  const madeBecause = (lot: string): string[] => [
    ...new Set(
      transformations
        .filter((t) => t.outputs.some((o) => o.lot === lot) && t.inputs.some((i) => reached.has(i.lot)))
        .flatMap((t) => t.events),
    ),
  ];
  const consigneeRows = forwards.flatMap((f) =>
    f.consignees.flatMap((c) => c.lots.map((row) => ({ party: c.party, inferred: c.inferred === true, row }))),
  );

  return {
    position: traces.map((t) => t.position).sort()[0] ?? '',
    complete: traces.every((t) => t.complete),
    cuts: byKey(
      traces.flatMap((t) => t.cuts ?? (t.cut ? [t.cut] : [])),
      (cut) => JSON.stringify(cut),
    ),
    lots: [...reached.values()].map((lot) => ({
      ...lot,
      exposure: exposureIn(lot.id, lot.exposure?.worstCase ?? lot.made[0] ?? null),
      // What a suspect unit holds, and the serials of a suspect lot, are suspects themselves.
      suspect: suspects.includes(lot.id) || lot.depth === 0,
      because: suspects.includes(lot.id) ? [] : madeBecause(lot.id),
    })),
    shipments: byKey(
      mergeShipments(forwards.flatMap((f) => f.shipments)).map((shipment) => ({
        ...shipment,
        lots: shipment.lots.map((row) => ({ ...row, exposure: exposureIn(row.lot, row.amount) })),
      })),
      (s) => s.id,
    ),
    consignees: groupConsignees(consigneeRows, exposureIn),
    stock: byKey(
      forwards.flatMap((f) => f.stock),
      (s) => `${s.lot}\n${s.place}\n${s.amount.unit}`,
    ).map((s) => ({ ...s, exposure: exposureIn(s.lot, s.amount) })),
    units: byKey(
      forwards.flatMap((f) => f.units),
      (u) => u.id,
    ),
    pools: byKey(
      forwards.flatMap((f) => f.pools),
      (p) => `${p.item}\n${p.place}`,
    ),
    discrepancies: byKey(
      traces.flatMap((t) => t.discrepancies),
      (d) => JSON.stringify(d),
    ),
  };
};

/** Traces of several suspects show of one shipment the lots that each reached. */
const mergeShipments = (shipments: readonly TracedShipment[]): TracedShipment[] => {
  const merged = new Map<string, TracedShipment>();
  for (const shipment of shipments) {
    const before = merged.get(shipment.id);
    merged.set(shipment.id, {
      ...shipment,
      lots: byKey(
        [...(before?.lots ?? []), ...shipment.lots],
        (row) => `${row.lot}\n${row.unit ?? ''}\n${row.amount?.unit ?? ''}`,
      ),
    });
  }
  return [...merged.values()];
};

interface ConsigneeRow {
  party: string;
  inferred: boolean;
  row: Consignee['lots'][number];
}

const groupConsignees = (
  rows: readonly ConsigneeRow[],
  exposureIn: (lot: string, amount: Amount | null) => Exposure,
): Consignee[] => {
  const distinct = byKey(
    rows,
    ({ party, inferred, row }) => `${party}\n${inferred}\n${row.lot}\n${row.amount?.unit ?? ''}`,
  );
  const parties = new Map<string, { party: string; inferred: boolean; lots: Consignee['lots'][number][] }>();
  for (const { party, inferred, row } of distinct) {
    const key = `${inferred} ${party}`;
    const entry = parties.get(key) ?? { party, inferred, lots: [] };
    entry.lots.push({ ...row, exposure: exposureIn(row.lot, row.amount) });
    parties.set(key, entry);
  }
  return [...parties.values()].map(({ party, inferred, lots }) => ({
    party,
    ...(inferred && { inferred: true as const }),
    lots,
  }));
};

/** The scope without what decisions took out. */
export const without = (scope: Scope, excluded: ReadonlySet<string>): Scope => {
  if (excluded.size === 0) return scope;
  const stays = (row: { lot: string }): boolean => !excluded.has(row.lot);
  return {
    ...scope,
    lots: scope.lots.filter((lot) => !excluded.has(lot.id)),
    stock: scope.stock.filter(stays),
    shipments: scope.shipments.map((s) => ({ ...s, lots: s.lots.filter(stays) })).filter((s) => s.lots.length > 0),
    consignees: scope.consignees.map((c) => ({ ...c, lots: c.lots.filter(stays) })).filter((c) => c.lots.length > 0),
    discrepancies: scope.discrepancies.filter((d) => !excluded.has(d.lot)),
  };
};

const consigneeBecause = (scope: Scope, { party, inferred, lots }: Consignee): string[] =>
  inferred === true
    ? scope.discrepancies
        .filter((d) => d.kind === 'movement-not-recorded' && lots.some((row) => row.lot === d.lot))
        .flatMap((d) => d.events)
    : scope.shipments.filter((s) => s.consignee === party).flatMap((s) => s.events);

/** @param suspects all of them: those that the record does not know yet are in scope too. */
export const foundScope = (scope: Scope, suspects: readonly string[]): FoundScope => ({
  position: scope.position,
  lots: [
    // A unit is no lot: its stock is that of the lots in it.
    ...scope.lots
      .filter((lot) => lot.kind !== 'unit')
      .map((lot) => ({ lot: lot.id, suspect: lot.suspect, because: lot.because })),
    ...suspects
      .filter((id) => !scope.lots.some((lot) => lot.id === id))
      .map((id) => ({ lot: id, suspect: true, because: [] })),
  ],
  shipments: scope.shipments.map((s) => ({ shipment: s.id, consignee: s.consignee, because: s.events })),
  consignees: scope.consignees.map((c) => ({
    party: c.party,
    inferred: c.inferred === true,
    because: consigneeBecause(scope, c),
  })),
});

/** What each consignee is to be told: its lots with amounts, in a stable order. */
export const dueNotices = (scope: Scope): DueNotice[] =>
  scope.consignees.map((c) => ({
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
  const share = (lot: string): number => scope.lots.find((l) => l.id === lot)?.exposure?.share ?? 0;
  for (const lot of scope.lots) {
    if (lot.suspect) add('suspect', lot.exposure?.worstCase);
    for (const amount of lot.scrapped ?? []) add('scrapped', exposed(amount, share(lot.id), undefined).proportional);
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
