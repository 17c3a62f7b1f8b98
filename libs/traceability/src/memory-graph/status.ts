import type { Happening } from '../happening.js';

/** What may be done with a lot, as far as its own holds and quality decisions say. */
export type LotStatus = 'available' | 'released' | 'quarantine' | 'held' | 'rejected';

/**
 * @param happenings those that name the lot, in the order of their event times. A hold stands until it is lifted by its own
 *   id; a quality decision until the next one.
 */
export const statusOf = (happenings: readonly Happening[]): LotStatus => {
  const holds = new Set<string>();
  let quality: Happening['quality'];
  for (const h of happenings) {
    if (h.verb === 'hold' && h.hold !== undefined) holds.add(h.hold.holdId);
    if (h.verb === 'lift' && h.hold !== undefined) holds.delete(h.hold.holdId);
    quality = h.quality ?? quality;
  }
  if (quality === 'rejected') return 'rejected';
  return holds.size > 0 ? 'held' : (quality ?? 'available');
};
