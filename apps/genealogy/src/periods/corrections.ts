import { difference, type Figures, type FigureTexts, figureTexts, isNothing, sumOf } from '../domain/figures.js';
import type { ClosedPeriod } from '../domain/period.js';
import type { FiguresKey } from './read-figures.js';
import type { Calendar, Period, PlaceWindow } from './site-windows.js';
import type { Snapshot } from '../read-model/genealogy-reader.js';
import { type LateFact, type LateLot, readLateLots } from './late-facts.js';
import { type LotDifference, lotDifferences } from './lots-then-and-now.js';

/** What a lot contributes to a difference, and the facts that made it. */
export interface Correction {
  lot: string;
  /** Figures that differ. */
  difference: Partial<FigureTexts>;
  events: LateFact[];
}

export interface Corrected {
  corrections: Correction[];
  /**
   * What no fact about a lot explains: places, time zones or items that master data states otherwise since. Absent where
   * the corrections are the whole difference.
   */
  otherwise?: Partial<FigureTexts>;
}

export interface DifferingRow extends FiguresKey {
  difference: Figures;
}

/** Lots that are folded anew in search of what the facts of the period do not explain; beyond, it is told as `otherwise`. */
const MOST_LOTS = 2_000;

const told = (figures: Figures): Partial<FigureTexts> =>
  Object.fromEntries(Object.entries(figureTexts(figures)).filter(([, value]) => value !== '0'));

const keyOf = ({ item, site, dimension }: FiguresKey): string => JSON.stringify([item, site, dimension]);

const explained = (rows: readonly DifferingRow[], parts: readonly LotDifference[]): boolean => {
  const byRow = Map.groupBy(parts, keyOf);
  return rows.every((row) =>
    isNothing(difference(row.difference, sumOf((byRow.get(keyOf(row)) ?? []).map(({ figures }) => figures)))),
  );
};

/**
 * Which lots make the differences of a closed period, and which facts: their ledgers as of its position against those of now.
 * Facts dated in the period or before it that name lots of these items are looked at first; where they are not all, a later
 * one changed how an earlier use is settled, or a lot turned out to be of another item.
 * @returns by row, in the order of the rows.
 */
export const correctionsOf = async (
  snapshot: Pick<Snapshot, 'client' | 'schema'>,
  closed: Pick<ClosedPeriod, 'knownAt'>,
  rows: readonly DifferingRow[],
  now: { windows: readonly PlaceWindow[]; period: Period; calendar: Calendar },
): Promise<Corrected[]> => {
  if (rows.length === 0) return [];
  const { client, schema } = snapshot;
  const items = [...new Set(rows.map(({ item }) => item))];
  const until = now.windows
    .map(({ closes }) => closes)
    .sort()
    .at(-1);
  let late: LateLot[] = [];
  let parts: LotDifference[] = [];
  const first = { items, ...(until !== undefined && { until }) };
  for (const bounds of [first, {}]) {
    const found = await readLateLots(client, schema, { since: closed.knownAt, ...bounds });
    if (bounds !== first && found.length > MOST_LOTS) break;
    late = found;
    parts = await lotDifferences(
      snapshot,
      late.map(({ lot }) => lot),
      closed,
      now,
    );
    if (explained(rows, parts)) break;
  }
  const facts = new Map(late.map(({ lot, facts: of }) => [lot, of]));
  const byRow = Map.groupBy(parts, keyOf);
  return rows.map((row): Corrected => {
    const own = byRow.get(keyOf(row)) ?? [];
    const rest = difference(row.difference, sumOf(own.map(({ figures }) => figures)));
    return {
      corrections: own.map(({ lot, figures }) => ({ lot, difference: told(figures), events: facts.get(lot) ?? [] })),
      ...(!isNothing(rest) && { otherwise: told(rest) }),
    };
  });
};
