import { canonicalJson } from '#kernel';
import type { Happening, Verb } from '../happening.js';

/**
 * At one instant: made, arrival, unpack, transform, pack, observe, depart, delete (docs/ledger.md). A departure is voided
 * after it was made; a hold ends before and begins after everything else of its instant, so that ties accuse nobody.
 */
const RANK: Record<Verb, number> = {
  lift: 0,
  make: 1,
  receive: 2,
  unpack: 3,
  transform: 4,
  pack: 5,
  observe: 6,
  contain: 6,
  count: 6,
  ship: 7,
  unship: 8,
  consume: 9,
  sell: 9,
  scrap: 9,
  hold: 10,
  dates: 11,
  note: 12,
};

const text = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The ledger's order: event time at full written precision, rank, event id; never anything that depends on arrival. */
export const inLedgerOrder = (a: Happening, b: Happening): number =>
  text(a.time.key, b.time.key) ||
  RANK[a.verb] - RANK[b.verb] ||
  text(a.id, b.id) ||
  // One event may say several things of one rank: their content decides.
  text(canonicalJson(a), canonicalJson(b));
