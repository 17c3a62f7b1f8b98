import { decimal, decimalText, ZERO, type Decimal } from '#kernel';
import { moneyOf, type Account, type Entry, type Price } from '#traceability';

/** What comes in; `adjusted` may also be negative, where counts found less. */
export const INS = ['received', 'made', 'arrived', 'movedIn', 'adjusted', 'unexplained'] as const;
/** What goes out. */
export const OUTS = ['consumed', 'shipped', 'movedOut', 'sold', 'scrapped'] as const;
export const FIGURES = ['opening', ...INS, ...OUTS, 'closing'] as const;
export type Figure = (typeof FIGURES)[number];

/** Of one item, site and dimension, over a period: opening + ins − outs = closing. */
export type Figures = Record<Figure, Decimal>;
/** The same as exact decimal texts. */
export type FigureTexts = Record<Figure, string>;

const OF_KIND: Record<Account['kind'], { in: Figure; out: Figure; isOut: boolean }> = {
  made: { in: 'made', out: 'made', isOut: false },
  outside: { in: 'received', out: 'received', isOut: false },
  unexplained: { in: 'unexplained', out: 'unexplained', isOut: false },
  adjusted: { in: 'adjusted', out: 'adjusted', isOut: false },
  shipped: { in: 'arrived', out: 'shipped', isOut: false },
  place: { in: 'movedIn', out: 'movedOut', isOut: false },
  consumed: { in: 'consumed', out: 'consumed', isOut: true },
  scrapped: { in: 'scrapped', out: 'scrapped', isOut: true },
  sold: { in: 'sold', out: 'sold', isOut: true },
};

export const noFigures = (): Figures => Object.fromEntries(FIGURES.map((name) => [name, ZERO])) as Figures;

/**
 * Adds what crossed the border of a site.
 * @param other the account on its other side: `place` is another site.
 * @param amounts before the period and during it, both positive.
 */
export const addCrossing = (
  figures: Figures,
  other: Account['kind'],
  enters: boolean,
  { before, during }: { before: Decimal; during: Decimal },
): void => {
  const sign = enters ? 1 : -1;
  figures.opening = figures.opening.plus(before.times(sign));
  figures.closing = figures.closing.plus(before.plus(during).times(sign));
  const { in: entering, out, isOut } = OF_KIND[other];
  const name = enters ? entering : out;
  // What has a figure each way is counted up in both; what has one alone is counted as that says.
  const counts = entering !== out ? 1 : isOut ? -sign : sign;
  figures[name] = figures[name].plus(during.times(counts));
};

/** A site, and when the period begins and ends there (`Instant.key`; the end is not in it). */
export interface SiteWindow {
  site: string;
  opens: string;
  closes: string;
}

/**
 * Figures of entries of one lot or of many, by site and dimension.
 * @param windowOf the site of a place ('' where the record does not say which); undefined where it is none of ours.
 */
export const figuresOf = (
  entries: Iterable<Pick<Entry, 'from' | 'to' | 'time' | 'value' | 'dimension'>>,
  windowOf: (place: string) => SiteWindow | undefined,
): Map<string, { site: string; dimension: string; figures: Figures }> => {
  const found = new Map<string, { site: string; dimension: string; figures: Figures }>();
  const cross = (
    entry: Pick<Entry, 'time' | 'value' | 'dimension'>,
    at: SiteWindow,
    other: Account,
    enters: boolean,
  ) => {
    const { time, value, dimension } = entry;
    if (time >= at.closes) return;
    const key = JSON.stringify([at.site, dimension]);
    const row = found.get(key) ?? { site: at.site, dimension, figures: noFigures() };
    found.set(key, row);
    const isBefore = time < at.opens;
    const amounts = { before: isBefore ? value : ZERO, during: isBefore ? ZERO : value };
    addCrossing(row.figures, other.kind, enters, amounts);
  };
  const at = (account: Account): SiteWindow | undefined =>
    account.kind === 'place' ? windowOf(account.place ?? '') : undefined;
  for (const entry of entries) {
    const [from, to] = [at(entry.from), at(entry.to)];
    if (from !== undefined && from.site === to?.site) continue;
    if (to !== undefined) cross(entry, to, entry.from, true);
    if (from !== undefined) cross(entry, from, entry.to, false);
  }
  return found;
};

export const isNothing = (figures: Figures): boolean => FIGURES.every((name) => figures[name].eq(0));

const each = <T>(of: (name: Figure) => T): Record<Figure, T> =>
  Object.fromEntries(FIGURES.map((name) => [name, of(name)])) as Record<Figure, T>;

export const figureTexts = (figures: Figures): FigureTexts => each((name) => decimalText(figures[name]));
export const figuresFrom = (texts: FigureTexts): Figures => each((name) => decimal(texts[name]));

export const difference = (now: Figures, then: Figures): Figures => each((name) => now[name].minus(then[name]));
export const sumOf = (all: Iterable<Figures>): Figures => {
  const sum = noFigures();
  for (const figures of all) for (const name of FIGURES) sum[name] = sum[name].plus(figures[name]);
  return sum;
};

/** What each figure is worth. */
export const worthOf = (figures: Figures, price: Price): FigureTexts =>
  each((name) => moneyOf(figures[name], price).value);
