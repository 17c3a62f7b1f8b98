import { canonicalId } from '#kernel';
import type { Happening, LotDates, ThingKind } from '../../happening.js';
import { byTime } from './order.js';

/** What quality says of a lot; a hold that is not lifted comes before everything but a rejection. */
export type LotStatus = 'rejected' | 'held' | 'quarantine' | 'released' | 'unrestricted';

/** What the facts state of a lot besides its movements. */
export interface LotState {
  kind: ThingKind;
  item: string | null;
  lotCode: string | null;
  supplierLot: string | null;
  dates: LotDates;
  status: LotStatus;
  /** Holds that are not lifted, in order of time. */
  holds: { holdId: string; reason: string }[];
}

/** Dates stated of a lot; of two statements the later (by event time) replaces the earlier, date by date. */
export const statedDates = (lot: string, happenings: readonly Happening[]): LotDates => {
  const dates: LotDates = {};
  for (const h of [...happenings].sort(byTime)) Object.assign(dates, h.dates?.[lot]);
  return dates;
};

const kindOf = (lot: string, kinds: ReadonlySet<ThingKind>, parent: boolean): ThingKind => {
  const { kind } = canonicalId(lot);
  if (kind === 'lot' || kind === 'serial' || kind === 'unit') return kind;
  if (kind === 'item') return 'pool';
  return parent || kinds.has('unit') ? 'unit' : kinds.has('serial') ? 'serial' : kinds.has('lot') ? 'lot' : 'unit';
};

/** @param happenings all that stand about it, in any order. */
export const lotState = (lot: string, happenings: readonly Happening[]): LotState => {
  const ordered = [...happenings].sort(byTime);
  const { item, lotCode } = canonicalId(lot);
  const state: LotState = {
    kind: 'lot',
    item: item ?? null,
    lotCode: lotCode ?? null,
    supplierLot: null,
    dates: statedDates(lot, happenings),
    status: 'unrestricted',
    holds: [],
  };
  const kinds = new Set<ThingKind>();
  const holds = new Map<string, { holdId: string; reason: string }>();
  let quality: Happening['quality'];
  for (const h of ordered) {
    const things = [...h.things, ...(h.outputs ?? [])].filter((t) => t.id === lot);
    for (const thing of things) {
      kinds.add(thing.kind);
      state.item ??= thing.item ?? null;
      state.lotCode ??= thing.lotCode ?? null;
      state.supplierLot ??= thing.supplierLot ?? null;
    }
    if (things.length === 0) continue;
    if (h.verb === 'hold' && h.hold) holds.set(h.hold.holdId, h.hold);
    if (h.verb === 'lift' && h.hold) holds.delete(h.hold.holdId);
    quality = h.quality ?? quality;
  }
  state.kind = kindOf(
    lot,
    kinds,
    ordered.some((h) => h.parent === lot),
  );
  state.holds = [...holds.values()].map(({ holdId, reason }) => ({ holdId, reason }));
  state.status =
    quality === 'rejected' ? 'rejected' : state.holds.length > 0 ? 'held' : (quality ?? 'unrestricted');
  return state;
};
