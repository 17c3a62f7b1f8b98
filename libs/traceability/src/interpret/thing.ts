import { canonicalId, type CanonicalId } from '#kernel';
import type { Thing, ThingKind } from '../happening.js';

const KINDS: Partial<Record<CanonicalId['kind'], ThingKind>> = {
  lot: 'lot',
  serial: 'serial',
  unit: 'unit',
  item: 'pool',
};

/** A key we could not read still says by its scheme what it names: these schemes contain things (TDS 1.13 section 6.3). */
const UNIT_SCHEME = /^urn:epc:id:(sscc|grai):/;

/**
 * The thing an id names.
 * @param otherwise what it is where the id itself does not tell.
 */
export const thing = (id: string, amount?: Thing['amount'], otherwise: ThingKind = 'lot'): Thing => {
  const c = canonicalId(id);
  const kind = KINDS[c.kind] ?? (UNIT_SCHEME.test(id) ? 'unit' : otherwise);
  return {
    id: c.id,
    kind,
    ...(amount !== undefined && { amount }),
    ...(c.item !== undefined && { item: c.item }),
    ...(c.lotCode !== undefined && { lotCode: c.lotCode }),
  };
};

/** Canonical id of a place or party. */
export const canonical = (id: string): string => canonicalId(id).id;
