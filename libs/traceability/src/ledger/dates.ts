import type { Happening, LotDates } from '../happening.js';
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

const USES = new Set(['consume', 'sell', 'scrap', 'ship']);

const names = (lot: string, things: Happening['things']): boolean => things.some((t) => t.id === lot);

/**
 * The stated production date against when the lot was made and used, and against the production dates of its inputs: one
 * discrepancy for the lot, whatever contradicts.
 * @param inputProduction production days of the lots that went into it.
 */
export const datesContradict = (
  lot: string,
  happenings: readonly Happening[],
  inputProduction: ReadonlyMap<string, string> = new Map(),
): Discrepancy | undefined => {
  const ordered = [...happenings].sort(inLedgerOrder);
  const stated = datesOf(lot, ordered).production;
  if (!stated) return undefined;
  const against: string[] = [];
  for (const h of ordered) {
    const made = (h.verb === 'make' && names(lot, h.things)) || names(lot, h.outputs ?? []);
    const used = (USES.has(h.verb) || h.verb === 'transform') && names(lot, h.things);
    const inputs = made && h.verb === 'transform' ? h.things.map((t) => inputProduction.get(t.id)) : [];
    if (((made || used) && stated.day > h.time.day) || inputs.some((day) => day !== undefined && stated.day < day))
      against.push(h.id);
  }
  if (against.length === 0) return undefined;
  const found = discrepancy({ kind: 'dates-contradict', lot, events: [stated.event], time: stated.time });
  return { ...found, events: [...new Set([stated.event, ...against])] };
};
