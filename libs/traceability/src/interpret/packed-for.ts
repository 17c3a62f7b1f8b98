import type { Happening } from '../happening.js';

const SSCC = /^https:\/\/id\.gs1\.org\/00\/\d{18}$/;

/** The place, and the one it is a part of where its GLN has an extension. */
const andAround = (place: string): string[] => [
  place,
  ...(place.includes('/254/') ? [place.replace(/\/254\/.*$/, '')] : []),
];

/**
 * References by which a fact that names a logistic unit confirms the act the unit was packed for (docs/trace.md): an
 * SSCC leaves, or arrives at, one place once. Other units are reused, so they confirm nothing.
 */
export const unitReferences = (units: Iterable<string>, places: readonly (string | undefined)[]): string[] => {
  const at = [...new Set(places.flatMap((place) => (place === undefined ? [] : andAround(place))))];
  return [...units].filter((unit) => SSCC.test(unit)).flatMap((unit) => at.map((place) => `${unit}@${place}`));
};

/** What a departure or arrival confirms by the units it names. */
export const byUnits = (h: Pick<Happening, 'verb' | 'things' | 'readPoint' | 'bizLocation'>): string[] =>
  h.verb === 'ship' || h.verb === 'receive'
    ? unitReferences(
        h.things.flatMap((t) => (t.kind === 'unit' ? [t.id] : [])),
        [h.readPoint, h.bizLocation],
      )
    : [];
