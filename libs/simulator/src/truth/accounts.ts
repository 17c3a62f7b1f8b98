/** Accounts of a lot. Every amount leaves one and enters another, so that those of a lot sum to zero. */
export const MADE = 0;
export const OUTSIDE = 1;
export const CONSUMED = 2;
export const SCRAPPED = 3;
export const ADJUSTED = 4;
const FIRST_PLACE = 8;

/** At a place, loose or packed. */
export const at = (place: number): number => FIRST_PLACE + 2 * place;

/** Gone to a place whose receiver has not reported it. */
export const onTheWayTo = (place: number): number => FIRST_PLACE + 2 * place + 1;

export type AccountName =
  { kind: 'made' | 'outside' | 'consumed' | 'scrapped' | 'adjusted' } | { kind: 'place' | 'shipped'; place: number };

const NAMES = ['made', 'outside', 'consumed', 'scrapped', 'adjusted'] as const;

export const accountName = (account: number): AccountName => {
  const kind = NAMES[account];
  if (kind !== undefined) return { kind };
  const place = Math.floor((account - FIRST_PLACE) / 2);
  return { kind: (account - FIRST_PLACE) % 2 === 0 ? 'place' : 'shipped', place };
};
