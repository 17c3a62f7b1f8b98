import type { ReachedUnit } from './answer.js';
import type { TraceDiscrepancy } from './graph.js';

/** A time key (`Instant.key`) as answers show it: ISO 8601 in UTC; what has an offset stays as it is. */
export const utc = (key: string): string => (/[zZ]|[+-]\d\d:?\d\d$/.test(key.slice(10)) ? key : `${key}Z`);

/** A discrepancy as answers show it. */
export const toldDiscrepancy = <D extends TraceDiscrepancy>(discrepancy: D): D => ({
  ...discrepancy,
  time: utc(discrepancy.time),
});

/** A unit as answers show it. */
export const toldUnit = (unit: ReachedUnit): ReachedUnit => ({
  ...unit,
  held: unit.held.map(({ lot, from, to }) => ({ lot, from: utc(from), ...(to !== undefined && { to: utc(to) }) })),
});
