import { isPositive } from './positive.js';
import { amountOf, decimal, type Decimal } from '#kernel';
import type { Happening, MasterData } from '../happening.js';
import { causeOf, discrepancy, find, type Book, type Use } from './book.js';
import { expiryByRule } from './dates.js';
import type { Because } from './explain.js';
import type { Discrepancy, DiscrepancyKind } from './types.js';

interface Interval {
  things: ReadonlySet<string>;
  from: number;
  to: number;
  /** As a sentence ends: "the lot was …". */
  says: string;
}

/**
 * Holds as intervals of ledger order: from the hold to the lifting of the same hold id; goods in quarantine or rejected are
 * held until quality says otherwise.
 */
const holdsIn = (ordered: readonly Happening[]): Interval[] => {
  const open = new Map<string, Interval>();
  const all: Interval[] = [];
  let quality: Interval[] = [];
  ordered.forEach((h, i) => {
    const status = (says: string): Interval => ({
      things: new Set(h.things.map((t) => t.id)),
      from: i,
      to: Infinity,
      says,
    });
    if (h.quality !== undefined) {
      for (const interval of quality) interval.to = Math.min(interval.to, i);
      quality = h.quality === 'released' ? [] : [status(h.quality === 'rejected' ? 'rejected' : 'in quarantine')];
      all.push(...quality);
    }
    if (!h.hold) return;
    if (h.verb === 'hold') {
      const interval = status(`on hold ${h.hold.holdId} (${h.hold.reason})`);
      open.set(h.hold.holdId, interval);
      all.push(interval);
    } else if (h.verb === 'lift') {
      const interval = open.get(h.hold.holdId);
      if (interval) interval.to = i;
      open.delete(h.hold.holdId);
    }
  });
  return all;
};

/**
 * The expiry date in force at a moment: the last stated up to then, else the first stated later; where none is stated, that
 * of the item's rule.
 */
const expiryAt = (
  b: Book,
  ordered: readonly Happening[],
  master: Pick<MasterData, 'item'>,
): ((index: number) => string | undefined) => {
  const stated = ordered.flatMap((h, i) => {
    const day = h.dates?.[b.lot]?.expiry;
    return day === undefined ? [] : [{ i, day }];
  });
  const byRule = stated.length > 0 || b.uses.length === 0 ? undefined : expiryByRule(b.lot, ordered, master);
  if (byRule !== undefined) return () => byRule;
  return (index) => (stated.findLast((s) => s.i <= index) ?? stated[0])?.day;
};

/** Uses and departures after expiry or under a hold. Scrapping such goods is what should happen to them. */
export const judgeUses = (b: Book, ordered: readonly Happening[], master: Pick<MasterData, 'item'>): void => {
  const positions = new Map(ordered.map((h, i) => [h, i]));
  const holds = holdsIn(ordered);
  const expiry = expiryAt(b, ordered, master);
  const flag = (u: Use, kind: DiscrepancyKind, because: Because): void => {
    const place = b.geo.takesAt(u.h);
    const amounts: [string, Decimal][] = [...u.amounts].filter(([, value]) => isPositive(value));
    for (const [dimension, value] of amounts) find(b, kind, causeOf(u.h), { place, dimension, value, because });
    if (amounts.length === 0) find(b, kind, causeOf(u.h), { place, because });
  };
  for (const u of b.uses) {
    if (u.how === 'scrapped') continue;
    const at = positions.get(u.h) ?? 0;
    const day = expiry(at);
    if (day !== undefined && u.h.time.day > day)
      flag(u, u.how === 'used' ? 'used-after-expiry' : 'shipped-after-expiry', { expiry: day });
    const isHeld = (hold: Interval): boolean =>
      hold.from < at && at < hold.to && (hold.things.has(b.lot) || u.h.things.some((t) => hold.things.has(t.id)));
    const kept = [...new Set(holds.filter(isHeld).map((hold) => hold.says))].sort();
    if (kept.length > 0)
      flag(u, u.how === 'used' ? 'used-while-held' : 'shipped-while-held', { kept: kept.join(' and ') });
  }
};

/** A use after an expiry date that does not follow from the lot's own facts: its inputs have it. */
export const usedAfterExpiry = (use: {
  lot: string;
  how: 'used' | 'shipped';
  expiry: string;
  event: string;
  time: string;
  place: string | null;
  dimension: string;
  value: Decimal;
}): Discrepancy =>
  discrepancy(
    {
      ...{ kind: `${use.how}-after-expiry` as const, lot: use.lot, events: [use.event], time: use.time },
      ...(use.place !== null && { place: use.place }),
      amount: amountOf(use.value, use.dimension),
    },
    { expiry: use.expiry },
  );

const SINKS = new Set(['consumed', 'sold', 'scrapped', 'shipped']);
const SOURCES = new Set(['made', 'outside', 'adjusted']);

/** A use in a dimension in which the lot never had anything, while it had something in another. */
export const judgeUnits = (b: Book): void => {
  const filled = new Set(b.entries.filter((e) => SOURCES.has(e.from.kind)).map((e) => e.dimension));
  if (filled.size === 0) return;
  const units = [...filled].map((dimension) => amountOf(decimal('1'), dimension).unit).sort();
  for (const { from, to, dimension, value, time, events } of b.entries) {
    const [event] = events;
    if (filled.has(dimension) || from.kind !== 'place' || !SINKS.has(to.kind) || event === undefined) continue;
    find(b, 'unit-mismatch', { event, time }, { place: from.place, dimension, value, because: { units } });
  }
};

/** The lot's total was below zero for a while and recovered. */
export const judgeOrder = (b: Book): void => {
  for (const { dimension, lowest, net } of b.stocks.values()) {
    if (!lowest) continue;
    const recovered = (net.lt(0) ? net : net.times(0)).minus(lowest.value);
    if (isPositive(recovered))
      find(b, 'out-of-order', { event: lowest.firstEvent, time: lowest.time }, { dimension, value: recovered });
  }
};

const CODE_REUSE_DAYS = 180;

/** The same lot made by different parties, or made again after half a year of nothing. */
export const judgeCode = (b: Book): void => {
  const made = b.sources
    .filter((s) => s.kind === 'made')
    .sort((x, y) => (x.time < y.time ? -1 : x.time > y.time ? 1 : 0));
  const parties = new Set(made.map((s) => b.geo.party(s.place)).filter((p) => p !== undefined));
  const at = (time: string): number => Date.parse(`${time}Z`);
  const again = made.findIndex(
    (s, i) => i > 0 && at(s.time) - at(made[i - 1]?.time ?? s.time) > CODE_REUSE_DAYS * 86_400_000,
  );
  const [first] = made;
  if (!first || (parties.size < 2 && again < 0)) return;
  const other =
    parties.size > 1
      ? made.find((s) => b.geo.party(s.place) !== undefined && b.geo.party(s.place) !== b.geo.party(first.place))
      : made[again];
  if (other)
    find(
      b,
      'code-reused',
      { event: other.event, time: other.time },
      {
        place: other.place,
        events: [first.event, other.event],
        because: { makings: [first, other].map((s) => ({ day: s.time.slice(0, 10), place: s.place })) },
      },
    );
};
