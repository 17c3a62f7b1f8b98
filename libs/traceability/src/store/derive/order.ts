import type { Happening } from '../../happening.js';

export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Order in which statements replace one another: event time, then event id. Never anything that depends on arrival. */
export const byTime = (a: Happening, b: Happening): number =>
  compareText(a.time.key, b.time.key) || compareText(a.id, b.id) || compareText(a.logId, b.logId);

export const uniqueSorted = (texts: Iterable<string>): string[] => [...new Set(texts)].sort(compareText);
