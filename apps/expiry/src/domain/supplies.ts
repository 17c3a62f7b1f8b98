import { decimal, decimalText, ZERO, type Decimal } from '#kernel';
import { dueKey, type DerivedLot, type Happening } from '#traceability';

/** What was recorded of a lot that bears on who supplied it, in order of time. */
export type Act =
  | { kind: 'received'; event: string; time: string }
  | { kind: 'inspection'; event: string; time: string; inspection: string; result: string; characteristic?: string }
  | { kind: 'quarantine' | 'released' | 'rejected'; event: string; time: string }
  | { kind: 'held' | 'lifted'; event: string; time: string; hold: string };

/**
 * What went of a lot from one party to another: one narrow row, from which scorecards are added up. Whether it was a supply
 * is decided when it is read, for that depends on who we are.
 */
export interface Supply {
  lot: string;
  item: string | null;
  lot_code: string | null;
  supplier_lot: string | null;
  /** Null where the record does not say who. */
  sender: string | null;
  receiver: string | null;
  dimension: string;
  /** What left or, where nobody recorded a departure, arrived. */
  sent: string;
  received: string;
  /** Of what was received, what the record had nowhere before. */
  outside: string;
  /**
   * The first row of this lot between these two with something received (from outside): lots are counted by it, once each,
   * without grouping all rows by lot. Only where the sender has several receivers of the lot there is more to look at.
   */
  counts: boolean;
  counts_outside: boolean;
  receivers: number;
  /** Time keys: when the first of it left (else arrived), when the first arrived, and the day of that in its own offset. */
  left_at: string;
  received_at: string | null;
  received_on: string | null;
  /** From that day to the expiry date, else the best-before date. */
  days_left: number | null;
  /** It came with a time at which it was due; the first of it came after that. */
  due: boolean;
  late: boolean;
  rejected: boolean;
  failed: boolean;
  held: boolean;
  inspections: number;
  inspections_failed: number;
  /** Time keys of the first and the last that was told of the lot. */
  first_event: string;
  last_event: string;
  acts: Act[];
}

type Leg = DerivedLot['shipments'][number];

/** Holds of recalls say what a recall says, which is counted by itself. */
const isOfRecall = (hold: string): boolean => hold.startsWith('recall:');

const judgementsOf = (naming: readonly Happening[]): Act[] =>
  naming.flatMap((h): Act[] => {
    const at = { event: h.id, time: h.time.key };
    if (h.inspection !== undefined) return [{ kind: 'inspection', ...at, ...h.inspection }];
    if (h.hold !== undefined && !isOfRecall(h.hold.holdId))
      return [{ kind: h.verb === 'hold' ? 'held' : 'lifted', ...at, hold: h.hold.holdId }];
    return h.quality === undefined ? [] : [{ kind: h.quality, ...at }];
  });

/** What quality found of the lot itself: the last decision holds, and a release after a failed inspection outweighs it. */
const verdictOf = (acts: readonly Act[]): Pick<Supply, 'rejected' | 'failed' | 'held'> => {
  const verdict = { rejected: false, failed: false, held: false };
  for (const act of acts) {
    if (act.kind === 'held') verdict.held = true;
    else if (act.kind === 'inspection') verdict.failed ||= act.result === 'fail';
    else if (act.kind === 'rejected' || act.kind === 'released' || act.kind === 'quarantine') {
      verdict.rejected = act.kind === 'rejected';
      verdict.failed &&= act.kind !== 'released';
    }
  }
  return verdict;
};

/** Several results of one inspection are one inspection, which failed where any of them did. */
const countInspections = (acts: readonly Act[]): Pick<Supply, 'inspections' | 'inspections_failed'> => {
  const results = acts.filter((act) => act.kind === 'inspection');
  const ids = (of: typeof results): number => new Set(of.map(({ inspection }) => inspection)).size;
  return { inspections: ids(results), inspections_failed: ids(results.filter(({ result }) => result === 'fail')) };
};

const sum = (values: readonly Decimal[]): Decimal => values.reduce((total, value) => total.plus(value), ZERO);
const first = (keys: readonly string[]): string | undefined => keys.toSorted()[0];

/** What came from outside by each receiving that is no return. */
const fromOutside = (lot: DerivedLot, isReturn: (event: string) => boolean): Map<string, Decimal> => {
  const found = new Map<string, Decimal>();
  for (const { kind, event, dimension, value } of lot.sources)
    if (kind === 'outside' && !isReturn(event)) {
      const key = JSON.stringify([event, dimension]);
      found.set(key, (found.get(key) ?? ZERO).plus(value));
    }
  return found;
};

const DAY_MS = 86_400_000;
const daysFrom = (day: string, to: string): number => Math.round((Date.parse(to) - Date.parse(day)) / DAY_MS);

/** Receivings that say nothing of a sender: who supplied it is not known. */
const unnamed = (lot: DerivedLot, outside: ReadonlyMap<string, Decimal>): Leg[] => {
  const told = new Set(
    lot.shipments.flatMap((leg) => leg.arrivals.map(({ event }) => JSON.stringify([event, leg.dimension]))),
  );
  const times = new Map(lot.sources.map(({ event, time }) => [event, time]));
  return [...outside]
    .filter(([key]) => !told.has(key))
    .map(([key, value]) => {
      const [event, dimension] = JSON.parse(key) as [string, string];
      const arrival = { event, time: times.get(event) ?? '', place: null, value: decimalText(value), how: 'received' };
      return {
        ...{ lot: lot.lot.id, act: event, id: event, departure: null, departure_recorded: false, arrivals: [arrival] },
        ...{ from_place: null, from_party: null, to_place: null, consignee: null, dimension, unit: null, due: null },
        ...{ value: arrival.value, outstanding: '0', shipped_at: null, received_at: arrival.time },
        ...{ contents_learnt_later: false, events: [event] },
      };
    });
};

/**
 * The rows of a lot: a pure function of what the record folds into it, whatever the order in which it came.
 * @returns [] for units, for items without a lot, for pieces of a known lot (they are counted with it), and for what never
 *   went from hand to hand.
 */
export const suppliesOf = (lot: DerivedLot): Supply[] => {
  const { kind, id, item, lot_code, supplier_lot } = lot.lot;
  if ((kind !== 'lot' && kind !== 'serial') || lot.members.length > 0) return [];
  const facts = new Map(lot.folded.map((h) => [h.id, h]));
  const isReturn = (event: string): boolean => facts.get(event)?.returned === true;
  const outside = fromOutside(lot, isReturn);
  const legs = [...lot.shipments, ...unnamed(lot, outside)].filter(
    (leg) =>
      !(leg.departure === null && leg.arrivals.some(({ event }) => isReturn(event))) && !decimal(leg.value).eq(0),
  );
  if (legs.length === 0) return [];

  const judgements = judgementsOf(lot.naming);
  const told = [...lot.folded, ...lot.standing].map((h) => h.time.key);
  const expiry = lot.dating.own.expiry ?? lot.dating.own.bestBefore;
  const shared = {
    ...{ lot: id, item, lot_code, supplier_lot },
    ...verdictOf(judgements),
    ...countInspections(judgements),
    first_event: first(lot.standing.map((h) => h.time.key)) ?? '',
    last_event: told.reduce((a, b) => (a > b ? a : b), ''),
  };

  const receivers = new Map<string | null, Set<string | null>>();
  for (const { from_party: sender, consignee } of legs)
    receivers.set(sender, (receivers.get(sender) ?? new Set()).add(consignee));
  const between = Map.groupBy(legs, (leg) => JSON.stringify([leg.from_party, leg.consignee]));
  return [...between.keys()].toSorted().flatMap((key): Supply[] => {
    const [sender, receiver] = JSON.parse(key) as [string | null, string | null];
    const group = between.get(key) ?? [];
    const times = timesOf(group, facts, expiry);
    if (times === undefined) return [];
    const amounts = amountsOf(group, outside);
    const counted = amounts.find(({ received }) => received !== '0');
    const countedOutside = amounts.find((amount) => amount.outside !== '0');
    return amounts.map((amount) => ({
      ...{ ...shared, sender, receiver, ...amount, ...times.told },
      counts: amount === counted,
      counts_outside: amount === countedOutside,
      receivers: receivers.get(sender)?.size ?? 0,
      acts: [...times.arrivals.map(({ event, time }) => ({ kind: 'received' as const, event, time })), ...judgements],
    }));
  });
};

type Arrival = Leg['arrivals'][number];
type Times = Pick<Supply, 'left_at' | 'received_at' | 'received_on' | 'days_left' | 'due' | 'late'>;

/** When it came between two parties; undefined where nothing tells even when it left. */
const timesOf = (
  group: readonly Leg[],
  facts: ReadonlyMap<string, Happening>,
  expiry: string | undefined,
): { told: Times; arrivals: Arrival[] } | undefined => {
  const left_at = first(group.flatMap((leg) => leg.shipped_at ?? leg.arrivals.map(({ time }) => time)));
  if (left_at === undefined) return undefined;
  const arrivals = uniqueEvents(
    group
      .flatMap((leg) => leg.arrivals.filter(({ how }) => how !== 'inferred'))
      .sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : a.event < b.event ? -1 : 1)),
  );
  const [arrival] = arrivals;
  const received_on = arrival === undefined ? null : (facts.get(arrival.event)?.time.day ?? arrival.time.slice(0, 10));
  const late = group.flatMap((leg) => {
    const by = leg.due === null ? undefined : dueKey(leg.due);
    return by === undefined || leg.received_at === null ? [] : [leg.received_at > by];
  });
  return {
    told: {
      ...{ left_at, received_at: arrival?.time ?? null, received_on },
      days_left: received_on === null || expiry === undefined ? null : daysFrom(received_on, expiry),
      ...{ due: late.length > 0, late: late.includes(true) },
    },
    arrivals,
  };
};

/** How much of it, dimension by dimension. */
const amountsOf = (
  group: readonly Leg[],
  outside: ReadonlyMap<string, Decimal>,
): Pick<Supply, 'dimension' | 'sent' | 'received' | 'outside'>[] => {
  const byDimension = Map.groupBy(group, ({ dimension }) => dimension);
  return [...byDimension.keys()].toSorted().map((dimension) => {
    const legs = byDimension.get(dimension) ?? [];
    return {
      dimension,
      sent: decimalText(sum(legs.map((leg) => decimal(leg.value)))),
      received: decimalText(sum(legs.map((leg) => decimal(leg.value).minus(leg.outstanding)))),
      outside: decimalText(outsideOf(legs, dimension, outside)),
    };
  });
};

const uniqueEvents = <T extends { event: string }>(arrivals: readonly T[]): T[] =>
  [...new Map(arrivals.toReversed().map((arrival) => [arrival.event, arrival])).values()].toReversed();

/** Of what these brought, what had come from outside; a departure that became known later has claimed its part of it. */
const outsideOf = (group: readonly Leg[], dimension: string, outside: ReadonlyMap<string, Decimal>): Decimal => {
  const brought = new Map<string, Decimal>();
  for (const { departure, arrivals, value } of group) {
    const event = arrivals[0]?.event;
    if (departure === null && event !== undefined) brought.set(event, (brought.get(event) ?? ZERO).plus(value));
  }
  return sum(
    [...brought].map(([event, value]) => {
      const all = outside.get(JSON.stringify([event, dimension])) ?? ZERO;
      return value.lt(all) ? value : all;
    }),
  );
};
