import { partyIdOf, unitIdOf } from '#contracts';
import { calendarDay, canonicalId, malformed } from '#kernel';
import { itemIdFrom } from '#traceability';
import type { Snapshot } from '../../read-model/genealogy-reader.js';
import type { ScopedSuspectDto } from './scope-suspects.dto.js';

const MATCHING = (s: string): string => `
SELECT l.id FROM ${s}.lots l LEFT JOIN ${s}.dates d USING (owner)
WHERE l.kind IN ('lot', 'serial')
  AND ($1::text IS NULL OR (l.supplier_lot IS NOT NULL AND l.supplier_lots ? $1))
  AND ($2::text IS NULL OR l.origins ? $2)
  AND ($3::text IS NULL OR l.item = $3)
  AND ($4::text IS NULL OR l.lot_code COLLATE "C" >= $4) AND ($5::text IS NULL OR l.lot_code COLLATE "C" <= $5)
  AND ($6::text IS NULL OR d.production >= $6) AND ($7::text IS NULL OR d.production <= $7)
ORDER BY l.id`;

const day = (text: string | undefined): string | null => (text === undefined ? null : (calendarDay(text) ?? null));
const isDigits = (text: string): boolean => /^\d+$/.test(text);

/** A supplier alone, or nothing, would name too much to be meant. */
const requireNamed = ({ lot, supplierLot, item }: ScopedSuspectDto, index: number): void => {
  if (lot !== undefined || supplierLot !== undefined || item !== undefined) return;
  throw malformed('invalid-request', `suspect ${index} names no lot`, [
    {
      code: 'suspect-not-named',
      message: 'a suspect is named by lot, supplierLot or item',
      index,
      field: `/suspects/${index}`,
      expected: 'lot, supplierLot or item',
    },
  ]);
};

/**
 * Ids of the lots that each of the suspects names, as the record has them on this snapshot; a suspect `lot` also where no
 * fact names it.
 * @throws LotlineError `malformed` where one names nothing.
 */
export const suspectLots = async (
  suspects: readonly ScopedSuspectDto[],
  { client, schema }: Snapshot,
): Promise<string[][]> => {
  suspects.forEach(requireNamed);
  const found: string[][] = [];
  for (const { lot, supplierLot, supplier, item, ...range } of suspects) {
    if (lot !== undefined) {
      found.push([isDigits(lot) ? unitIdOf(lot).id : canonicalId(lot).id]);
      continue;
    }
    const { rows } = await client.query<{ id: string }>(MATCHING(schema), [
      supplierLot ?? null,
      supplier === undefined ? null : partyIdOf(supplier).id,
      item === undefined ? null : itemIdFrom(item),
      range.lotCodeFrom ?? null,
      range.lotCodeTo ?? null,
      day(range.producedFrom),
      day(range.producedTo),
    ]);
    found.push(rows.map(({ id }) => id));
  }
  return found;
};
