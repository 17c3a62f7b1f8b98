import { instant, type Instant } from '#kernel';
import type { Happening, MasterData, Place, Thing, Verb } from '../../happening.js';

export const at = (text: string): Instant => {
  const time = instant(text);
  if (!time) throw new Error(`not a time: ${text}`);
  return time;
};

/** Minutes after 2024-01-01T08:00Z, so that tests read in small numbers. */
export const minute = (n: number): Instant => at(new Date(Date.UTC(2024, 0, 1, 8, n)).toISOString());

/** "100 KGM" or "3" (pieces). */
export const lot = (id: string, quantity?: string): Thing => {
  if (quantity === undefined) return { id, kind: 'lot' };
  const [value = '', unit = 'EA'] = quantity.split(' ');
  return { id, kind: 'lot', amount: { value, unit } };
};
export const unit = (id: string): Thing => ({ id, kind: 'unit' });
export const serial = (id: string, of?: string): Thing => ({
  id,
  kind: 'serial',
  ...(of !== undefined && { lot: of }),
});

export const happening = (
  id: string,
  verb: Verb,
  time: Instant,
  things: Thing[],
  more: Partial<Happening> = {},
): Happening => ({ id, logId: `log-${id}`, verb, time, things, ...more });

/** Places written as "id @party" or "id @party <parent". */
export const masterOf = (...places: string[]): MasterData => {
  const known = new Map<string, Place>();
  for (const text of places) {
    const [id = '', ...rest] = text.split(' ');
    const party = rest.find((r) => r.startsWith('@'))?.slice(1);
    const parent = rest.find((r) => r.startsWith('<'))?.slice(1);
    known.set(id, { id, ...(party !== undefined && { party }), ...(parent !== undefined && { parent }) });
  }
  return { place: (id) => known.get(id), party: (id) => ({ id }), item: () => undefined };
};
