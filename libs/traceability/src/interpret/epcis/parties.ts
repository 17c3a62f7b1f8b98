import { canonicalSourceDestinationType } from '#contracts';
import type { Party } from '../../happening.js';
import { canonical } from '../thing.js';

const FIELDS: Readonly<Record<string, keyof Party>> = {
  owning_party: 'owning',
  possessing_party: 'possessing',
  location: 'location',
};

/** A sourceList or destinationList (EPCIS 2.0 section 7.3.5.4); of two of one type the first counts. */
export const partyOf = (
  list: unknown,
  member: 'source' | 'destination',
  prefixes: Readonly<Record<string, string>>,
): Party | undefined => {
  const party: Party = {};
  for (const element of Array.isArray(list) ? (list as unknown[]) : []) {
    const { type, [member]: id } = (element ?? {}) as Record<string, unknown>;
    if (typeof type !== 'string' || typeof id !== 'string') continue;
    const field = FIELDS[canonicalSourceDestinationType(type, prefixes)];
    if (field !== undefined) party[field] ??= canonical(id);
  }
  return Object.keys(party).length === 0 ? undefined : party;
};
