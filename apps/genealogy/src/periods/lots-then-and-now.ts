import { decimal } from '#kernel';
import { type Account, type Entry, ledgersAt, type LedgerAt } from '#traceability';
import {
  difference,
  type Figures,
  figuresOf,
  isNothing,
  noFigures,
  type SiteWindow,
  sumOf,
} from '../domain/figures.js';
import { type Calendar, type Period, type PlaceWindow, windowsAt } from './site-windows.js';
import type { Snapshot } from '../read-model/genealogy-reader.js';
import type { ClosedPeriod } from '../domain/period.js';

/** What a lot adds to the figures of an item at a site now, less what it added as the period was closed. */
export interface LotDifference {
  lot: string;
  item: string;
  site: string;
  dimension: string;
  figures: Figures;
}

const ENTRIES = (s: string): string => `
SELECT l.id AS lot, l.item, e.time, e.from_kind, e.from_place, e.to_kind, e.to_place, e.value::text, e.dimension
FROM ${s}.ledger e JOIN ${s}.lots l USING (owner)
WHERE l.id = ANY ($1::text[]) AND l.kind IN ('lot', 'serial') AND NOT EXISTS (SELECT FROM ${s}.members m WHERE m.owner = l.owner)
ORDER BY l.id, e.n`;

interface EntryRow {
  lot: string;
  item: string | null;
  time: string;
  from_kind: Account['kind'];
  from_place: string | null;
  to_kind: Account['kind'];
  to_place: string | null;
  value: string;
  dimension: string;
}

type Booked = Pick<Entry, 'from' | 'to' | 'time' | 'value' | 'dimension'>;
interface Ledger {
  lot: string;
  item: string | null;
  entries: readonly Booked[];
}

const accountOf = (kind: Account['kind'], place: string | null): Account =>
  kind === 'place' ? { kind, place } : kind === 'shipped' ? { kind, to: place } : { kind };

const ledgersNow = async (
  { client, schema }: Pick<Snapshot, 'client' | 'schema'>,
  lots: readonly string[],
): Promise<Ledger[]> => {
  const { rows } = await client.query<EntryRow>(ENTRIES(schema), [lots]);
  return [...Map.groupBy(rows, (row) => row.lot)].map(([lot, entries]) => ({
    lot,
    item: entries[0]?.item ?? null,
    entries: entries.map((e) => ({
      ...{ from: accountOf(e.from_kind, e.from_place), to: accountOf(e.to_kind, e.to_place) },
      ...{ time: e.time, value: decimal(e.value), dimension: e.dimension },
    })),
  }));
};

const placesIn = (ledgers: readonly LedgerAt[]): string[] => [
  ...new Set(
    ledgers.flatMap(({ entries }) =>
      entries.flatMap(({ from, to }) => [from, to].flatMap((a) => (a.kind === 'place' ? (a.place ?? []) : []))),
    ),
  ),
];

const byPlace = (windows: readonly PlaceWindow[]): ((place: string) => SiteWindow | undefined) => {
  const found = new Map(windows.map((window) => [window.place, window]));
  return (place) => found.get(place);
};

const addAll = (
  into: Map<string, LotDifference>,
  ledgers: readonly Ledger[],
  windowOf: (place: string) => SiteWindow | undefined,
  nameNow: (lot: string) => string,
  add: (sum: Figures, part: Figures) => Figures,
): void => {
  for (const { lot, item, entries } of ledgers)
    for (const { site, dimension, figures } of figuresOf(entries, windowOf).values()) {
      const key = JSON.stringify([nameNow(lot), item ?? '', site, dimension]);
      const known = into.get(key) ?? { lot: nameNow(lot), item: item ?? '', site, dimension, figures: noFigures() };
      into.set(key, { ...known, figures: add(known.figures, figures) });
    }
};

/** What of a closed period differs by these lots: their ledgers as they are, less as they were known at its position. */
export const lotDifferences = async (
  snapshot: Pick<Snapshot, 'client' | 'schema'>,
  lots: readonly string[],
  closed: Pick<ClosedPeriod, 'knownAt'>,
  now: { windows: readonly PlaceWindow[]; period: Period; calendar: Calendar },
): Promise<LotDifference[]> => {
  const { client, schema } = snapshot;
  const present = await ledgersNow(snapshot, lots);
  const then = await ledgersAt(client, schema, lots, closed.knownAt);
  const windowsThen = await windowsAt(client, schema, placesIn(then), closed.knownAt, now.period, now.calendar);
  const { rows } = await client.query<{ id: string; stands_for: string }>(
    `SELECT id, stands_for FROM ${schema}.aliases WHERE id = ANY ($1::text[])`,
    [then.map(({ lot }) => lot)],
  );
  const standing = new Map(rows.map((row) => [row.id, row.stands_for]));
  const found = new Map<string, LotDifference>();
  const nameNow = (lot: string): string => standing.get(lot) ?? lot;
  // Lots that went by one name once are folded together; whoever was not asked for has no present to be compared with.
  const asked = new Set(lots);
  addAll(found, present, byPlace(now.windows), nameNow, (sum, part) => sumOf([sum, part]));
  const before = then.filter(({ lot }) => asked.has(nameNow(lot)));
  addAll(found, before, byPlace(windowsThen), nameNow, difference);
  return [...found.values()].filter(({ figures }) => !isNothing(figures));
};
