import { measure } from '#kernel';
import type { LotDates } from '#traceability';
import type { KnownLot, KnownStock } from './known-stock.js';

/** Known stock as a test states it: `knownStock('0010', lot('…', { 'place': '30 KGM' }))`. */
export const knownStock = (position: string, ...lots: KnownLot[]): KnownStock => ({
  position,
  lots: new Map(lots.map((lot) => [lot.lot, lot])),
});

export const knownLot = (
  lot: string,
  at: Readonly<Record<string, string>> = {},
  more: { dates?: LotDates; acts?: readonly string[] } = {},
): KnownLot => ({
  lot,
  balances: Object.entries(at).map(([place, text]) => {
    const [value = '0', unit = 'EA'] = text.split(' ');
    return { place, ...measure(value, unit) };
  }),
  dates: more.dates ?? {},
  acts: new Set(more.acts ?? []),
});
