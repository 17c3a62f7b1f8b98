import { canonicalId } from '#kernel';
import type { Happening, LotDates, MasterData, Verb } from '../happening.js';
import { discrepancy } from './book.js';
import { inLedgerOrder } from './order.js';
import type { Discrepancy } from './types.js';

/** A date in force, with the event that states it. */
export interface StatedDate {
  day: string;
  event: string;
  time: string;
}

/** The dates of a lot in force: of each, what was stated last in ledger order. */
export const datesOf = (lot: string, happenings: readonly Happening[]): Partial<Record<keyof LotDates, StatedDate>> => {
  const dates: Partial<Record<keyof LotDates, StatedDate>> = {};
  for (const h of [...happenings].sort(inLedgerOrder))
    for (const [kind, day] of Object.entries(h.dates?.[lot] ?? {}) as [keyof LotDates, string | undefined][])
      if (day !== undefined) dates[kind] = { day, event: h.id, time: h.time.key };
  return dates;
};

const DAY_MS = 86_400_000;

/** A calendar day that many days later. */
export const daysAfter = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

/** Expiry by the item's fixed shelf life, from the production day stated last, else the day it was first made. */
export const expiryByRule = (
  lot: string,
  ordered: readonly Happening[],
  master: Pick<MasterData, 'item'>,
): string | undefined => {
  const things = ordered.flatMap((h) => [...h.things, ...(h.outputs ?? [])]).filter((t) => t.id === lot);
  const item = canonicalId(lot).item ?? things.find((t) => t.item !== undefined)?.item;
  const rule = item === undefined ? undefined : master.item(item)?.shelfLife;
  if (rule?.rule !== 'fixed') return undefined;
  const made = ordered.find((h) => names(lot, h.verb === 'make' ? h.things : (h.outputs ?? [])))?.time.day;
  const production = datesOf(lot, ordered).production?.day ?? made;
  return production === undefined ? undefined : daysAfter(production, rule.days);
};

const HOW: Partial<Record<Verb, string>> = {
  consume: 'used',
  transform: 'used',
  sell: 'sold',
  scrap: 'scrapped',
  ship: 'shipped',
};

/** Of the lot, or of a piece of it. */
const names = (lot: string, things: Happening['things']): boolean => things.some((t) => t.id === lot || t.lot === lot);

/**
 * The stated production date against when the lot was made and used, and against the production dates of its inputs: one
 * discrepancy for the lot, whatever contradicts.
 * @param inputProduction production days of the lots that went into it, by all events of what made it.
 * @param uses happenings that used the lot without naming it, in a unit.
 */
export const datesContradict = (
  lot: string,
  happenings: readonly Happening[],
  inputProduction: ReadonlyMap<string, string> = new Map(),
  uses: ReadonlySet<Happening> = new Set(),
): Discrepancy | undefined => {
  const ordered = [...happenings].sort(inLedgerOrder);
  const stated = datesOf(lot, ordered).production;
  if (!stated) return undefined;
  const later = [...inputProduction].filter(([id, day]) => id !== lot && stated.day < day);
  const [input] = later.sort(([a, x], [b, y]) => (x < y ? 1 : x > y ? -1 : a < b ? -1 : 1));
  const against: string[] = [];
  let made: string | undefined;
  let used: { how: string; day: string } | undefined;
  for (const h of ordered) {
    const { day } = h.time;
    const early = stated.day > day;
    const isMade = (h.verb === 'make' && names(lot, h.things)) || names(lot, h.outputs ?? []);
    const how = names(lot, h.things) || uses.has(h) ? HOW[h.verb] : undefined;
    if (early && isMade) made ??= day;
    if (early && how !== undefined) used ??= { how, day };
    if ((early && (isMade || how !== undefined)) || (isMade && h.verb === 'transform' && input)) against.push(h.id);
  }
  if (against.length === 0) return undefined;
  const found = discrepancy(
    { kind: 'dates-contradict', lot, events: [stated.event], time: stated.time },
    {
      production: {
        day: stated.day,
        ...(made !== undefined && { made }),
        ...(used && { used }),
        ...(input && { input: { lot: input[0], day: input[1] } }),
      },
    },
  );
  return { ...found, events: [...new Set([stated.event, ...against])] };
};
