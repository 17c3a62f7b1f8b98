import { canonicalId, LotlineError } from '#kernel';
import type { Trace } from '#traceability';
import type { Suspect } from '../domain/recall-case.js';
import { scopeOf, type Scope } from '../domain/scope.js';
import type { Genealogy, ListedLot } from './genealogy.js';

export interface Survey {
  /** Canonical ids of all suspect lots, known to the record or not. */
  suspects: string[];
  scope: Scope;
  /** How long it took, in milliseconds. */
  tookMs: number;
}

const idsOf = (lots: readonly ListedLot[]): string[] => lots.map((lot) => lot.id);

/** Lots that a suspect names, as the record has them now: late ones join by themselves. */
const lotsOf = async (suspect: Suspect, genealogy: Genealogy, minPosition: string | undefined): Promise<string[]> => {
  if ('lot' in suspect) return [canonicalId(suspect.lot).id];
  if ('supplierLot' in suspect) return idsOf(await genealogy.lots({ ...suspect }, minPosition));
  if ('producedFrom' in suspect) return idsOf(await genealogy.lots({ ...suspect }, minPosition));
  const { item, lotCodeFrom, lotCodeTo } = suspect;
  const ofItem = await genealogy.lots({ item }, minPosition);
  return idsOf(ofItem.filter(({ lotCode }) => lotCode !== null && lotCode >= lotCodeFrom && lotCode <= lotCodeTo));
};

/** How many traces are asked for at a time. */
const AT_ONCE = 8;

/**
 * The scope of these suspects as the record has it at `minPosition` or later.
 * @throws LotlineError `behind` where genealogy has not got that far.
 */
export const survey = async (
  suspects: readonly Suspect[],
  genealogy: Genealogy,
  minPosition: string | undefined,
): Promise<Survey> => {
  const started = performance.now();
  const resolved = await Promise.all(suspects.map(async (s) => lotsOf(s, genealogy, minPosition)));
  const lots = [...new Set(resolved.flat())].sort();
  const traces: (Trace | undefined)[] = [];
  for (let at = 0; at < lots.length; at += AT_ONCE)
    traces.push(
      ...(await Promise.all(lots.slice(at, at + AT_ONCE).map(async (lot) => genealogy.trace(lot, minPosition)))),
    );
  const known = [...new Map(traces.flatMap((t) => (t ? [[t.lot.id, t] as const] : []))).values()];
  // A code may have been given for the lot it stands for: the trace says which lot that is.
  const named = [...new Set(lots.map((lot, index) => traces[index]?.lot.id ?? lot))];
  return { suspects: named, scope: scopeOf(known, named), tookMs: Math.round(performance.now() - started) };
};

/** Whether the other side is only late, so that it is worth asking again. */
export const isLate = (error: unknown): boolean =>
  error instanceof LotlineError && (error.kind === 'behind' || error.kind === 'unavailable');
