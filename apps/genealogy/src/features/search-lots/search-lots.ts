import { calendarDay, canonicalId, type Amount } from '#kernel';
import { itemIdFrom, type LotDates } from '#traceability';
import type { Snapshot } from '../../read-model/genealogy-reader.js';
import { cursorKey, type PageAt, pageOf } from '#platform';
import { lotsWithSuspicion } from '../suspicion.js';
import type { SearchLotsDto } from './search-lots.dto.js';

export interface FoundLot {
  id: string;
  kind: string;
  item: string | null;
  lotCode: string | null;
  supplierLot: string | null;
  /** Parties that made it or that it came from. */
  origins: string[];
  status: string;
  dates: LotDates;
  made: Amount[];
  /** From outside the record. */
  received: Amount[];
  onHand: { place: string | null; amount: Amount }[];
}

const SEARCH = (s: string): string => `
SELECT l.id, l.kind, l.item, l.lot_code AS "lotCode", l.supplier_lot AS "supplierLot", l.origins, l.status,
       coalesce(d.dates, '{}') AS dates, l.node->'made' AS made, l.node->'received' AS received, l.node->'onHand' AS "onHand"
FROM ${s}.lots l LEFT JOIN ${s}.dates d USING (owner)
WHERE l.kind IN ('lot', 'serial')
  AND ($1::text IS NULL OR l.item = $1)
  AND ($2::text IS NULL OR l.lot_code = $2)
  AND ($3::text IS NULL OR (l.supplier_lot IS NOT NULL AND l.supplier_lots ? $3))
  AND ($4::text IS NULL OR l.origins ? $4)
  AND ($5::text IS NULL OR EXISTS (SELECT FROM ${s}.balances b WHERE b.owner = l.owner AND b.place = $5))
  AND ($6::text IS NULL OR d.production >= $6) AND ($7::text IS NULL OR d.production <= $7)
  AND ($8::text IS NULL OR d.expiry >= $8) AND ($9::text IS NULL OR d.expiry <= $9)
  AND ($10::text IS NULL OR l.id > $10)
ORDER BY l.id LIMIT $11`;

const day = (text: string | undefined): string | null => (text === undefined ? null : (calendarDay(text) ?? null));
const id = (text: string | undefined): string | null => (text === undefined ? null : canonicalId(text).id);

/** Lots and serials that match everything asked, in order of id. */
export const searchLots = async (snapshot: Snapshot, asked: SearchLotsDto): Promise<PageAt<FoundLot>> => {
  const { client, schema, position } = snapshot;
  const limit = asked.limit ?? 100;
  const { rows } = await client.query<FoundLot>(SEARCH(schema), [
    asked.item === undefined ? null : itemIdFrom(asked.item),
    asked.lotCode ?? null,
    asked.supplierLot ?? null,
    id(asked.supplier),
    id(asked.place),
    day(asked.producedFrom),
    day(asked.producedTo),
    day(asked.expiresFrom),
    day(asked.expiresTo),
    ...cursorKey(asked.cursor, 1),
    limit + 1,
  ]);
  const page = pageOf(rows, limit, (lot) => [lot.id]);
  return { position, ...page, items: await lotsWithSuspicion(page.items, snapshot) };
};
