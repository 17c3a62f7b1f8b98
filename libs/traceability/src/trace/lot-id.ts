import { canonicalId, gtin14, itemId, lotIdOfGtin, malformed, notFound, refused } from '#kernel';
import type { TraceGraph } from './graph.js';

const SSCC = /^\d{18}$/;
const IS_URI = /^[A-Za-z][A-Za-z0-9+.-]*:\S/;
const GTIN_ITEM = /^https:\/\/id\.gs1\.org\/01\/(\d{14})$/;

/** Canonical id of an item named by GTIN digits or any URI; own codes stay as written. */
export const itemIdFrom = (item: string): string => {
  const gtin = gtin14(item);
  return gtin !== undefined ? itemId(gtin) : canonicalId(item).id;
};

/**
 * The lot, serial or unit that a user means by any form of id: canonical, EPC URN, Digital Link of any host, 18 digits of
 * an SSCC, GTIN and lot code, or a lot code alone (own or the supplier's) where it names one lot.
 * @returns its canonical id; it need not be known.
 * @throws LotlineError `malformed` / `lot-missing`, `not-found` / `lot-unknown`, `refused` / `lot-ambiguous` naming all
 *   lots with that code.
 */
export const resolveLot = async (
  named: { lot: string; item?: string | undefined },
  graph: Pick<TraceGraph, 'find'>,
): Promise<string> => {
  const lot = named.lot.trim();
  const item = named.item === undefined ? undefined : itemIdFrom(named.item.trim());
  if (lot === '')
    throw malformed('lot-missing', 'a lot must be named', [
      { code: 'lot-missing', message: 'lot is empty', field: 'lot' },
    ]);
  if (item === undefined && IS_URI.test(lot)) return canonicalId(lot).id;
  if (item === undefined && SSCC.test(lot)) {
    const unit = canonicalId(`https://id.gs1.org/00/${lot}`);
    if (unit.kind === 'unit') return unit.id;
  }
  const gtin = GTIN_ITEM.exec(item ?? '')?.[1];
  if (gtin !== undefined) {
    const id = lotIdOfGtin(gtin, lot);
    const found = await graph.find(lot, item);
    const [only, ...more] = found;
    return only !== undefined && more.length === 0 ? only : id;
  }
  const [first, ...others] = await graph.find(lot, item);
  if (first === undefined) throw notFound('lot-unknown', `no lot has the code ${lot}${item ? ` of item ${item}` : ''}`);
  if (others.length > 0)
    throw refused(
      'lot-ambiguous',
      `${others.length + 1} lots have the code ${lot}; name one by its id or with its item`,
      [first, ...others].map((id) => ({ code: 'lot-ambiguous', message: id, id, field: 'lot' })),
    );
  return first;
};
