import type { Trace, TracedLot } from '#traceability';
import type { Snapshot } from '../read-model/genealogy-reader.js';

/** What `suspect` takes the place of; whatever else speaks against a lot is the graver word. */
const UNTROUBLED: ReadonlySet<string> = new Set(['available', 'released']);

type WithStatus = Pick<TracedLot, 'id' | 'status'>;

/** The lot as it stands, with what holds upstream make of it. */
export const withSuspicion = <Lot extends WithStatus>(lot: Lot, suspects: ReadonlySet<string>): Lot =>
  UNTROUBLED.has(lot.status) && suspects.has(lot.id) ? { ...lot, status: 'suspect' } : lot;

/** The lots as they stand at present, with what holds upstream make of them. */
export const lotsWithSuspicion = async <Lot extends WithStatus>(lots: Lot[], snapshot: Snapshot): Promise<Lot[]> => {
  const suspects = await snapshot.suspects();
  return suspects.size === 0 ? lots : lots.map((lot) => withSuspicion(lot, suspects));
};

/** A trace of the present, with what holds upstream of each of its lots make of it. */
export const traceWithSuspicion = async (trace: Trace, snapshot: Snapshot): Promise<Trace> => {
  const suspects = await snapshot.suspects();
  if (suspects.size === 0) return trace;
  const marked = (lots: readonly TracedLot[]): TracedLot[] => lots.map((lot) => withSuspicion(lot, suspects));
  return {
    ...trace,
    lot: withSuspicion(trace.lot, suspects),
    ...(trace.back && { back: { ...trace.back, lots: marked(trace.back.lots) } }),
    ...(trace.forward && { forward: { ...trace.forward, lots: marked(trace.forward.lots) } }),
  };
};
