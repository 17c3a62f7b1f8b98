import { baseUnitOf, decimalText } from '#kernel';
import { priceOf, type Price, readMasterData } from '#traceability';
import type { Snapshot } from '../read-model/genealogy-reader.js';
import { type Figures, type FigureTexts, figureTexts, worthOf } from '../domain/figures.js';
import type { FiguresKey, FiguresRow } from './read-figures.js';

/** What one base unit costs, and what each figure is worth by it. */
export interface Worth extends FigureTexts {
  currency: string;
  perUnit: string;
}

/** opening + received + made + arrived + movedIn + adjusted + unexplained − consumed − shipped − movedOut − sold − scrapped = closing. */
export interface BalanceRow extends FigureTexts {
  item: string | null;
  site: string | null;
  timeZone: string;
  unit: string;
  /** Absent where no cost of the item is known in this unit. */
  worth?: Worth;
}

export const rowOf = (
  { item, site, dimension }: FiguresKey,
  figures: Figures,
  timeZone: string,
  price: Price | undefined,
): BalanceRow => ({
  item: item === '' ? null : item,
  site: site === '' ? null : site,
  timeZone,
  unit: baseUnitOf(dimension),
  ...figureTexts(figures),
  ...(price !== undefined && {
    worth: { currency: price.currency, perUnit: decimalText(price.value), ...worthOf(figures, price) },
  }),
});

/** Prices of items as they are defined now. */
export const readPrices = async (
  { client, schema }: Pick<Snapshot, 'client' | 'schema'>,
  items: Iterable<string>,
): Promise<(item: string, dimension: string) => Price | undefined> => {
  const wanted = [...new Set(items)].filter((item) => item !== '');
  const master = await readMasterData(client, schema, { items: wanted });
  return (item, dimension) => priceOf(master.items.get(item), dimension);
};

/** The rows as they are told. @param zoneOf time zone of a site. */
export const toldRows = async (
  snapshot: Pick<Snapshot, 'client' | 'schema'>,
  rows: readonly FiguresRow[],
  zoneOf: (site: string) => string,
): Promise<BalanceRow[]> => {
  const price = await readPrices(
    snapshot,
    rows.map(({ item }) => item),
  );
  return rows.map((row) => rowOf(row, row.figures, zoneOf(row.site), price(row.item, row.dimension)));
};
