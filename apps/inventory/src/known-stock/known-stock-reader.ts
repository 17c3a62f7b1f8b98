import { LotlineError, decimal } from '#kernel';
import type { Projections } from '#platform';
import { geography, readMasterData, type LotDates } from '#traceability';
import type { Pool } from 'pg';
import type { KnownStockReader } from '../books/book-keeper.js';
import type { KnownLot } from '../domain/known-stock.js';
import { STOCK } from './stock-name.js';

/** How long a refusal waits for what the log has already: longer, and the caller is told to ask again. */
const LAG_MS = 3_000;

interface Row {
  position: string | null;
  id: string | null;
  dates: LotDates;
  acts: string[];
  balances: { place: string; dimension: string; value: string; partner: boolean }[] | null;
}

/**
 * One statement, so that balances, acts and the position they stand at are of one snapshot. A lot asked for under another
 * of its names is answered under the name asked.
 */
const READ = (s: string): string => `
WITH asked AS (
  SELECT v.id, COALESCE(a.stands_for, v.id) AS lot FROM unnest($1::text[]) AS v(id) LEFT JOIN ${s}.aliases a USING (id)
  UNION
  SELECT l.id, l.id FROM ${s}.lots l
  WHERE l.item = ANY ($2::text[]) AND EXISTS (SELECT FROM ${s}.balances b WHERE b.owner = l.owner AND b.value > 0)
), known AS (
  SELECT asked.id, COALESCE(d.dates, '{}') AS dates, l.acts, (
    SELECT json_agg(json_build_object('place', t.place, 'dimension', t.dimension, 'value', t.value::text, 'partner', t.partner))
    FROM (SELECT b.place, b.dimension, sum(b.value) AS value,
            cardinality($4::text[]) > 0 AND bool_or(b.party <> ALL ($4)) AS partner FROM ${s}.balances b
          WHERE b.owner = l.owner AND b.place IS NOT NULL GROUP BY b.place, b.dimension) t
  ) AS balances
  FROM asked JOIN ${s}.lots l ON l.id = asked.lot LEFT JOIN ${s}.dates d ON d.id = l.id
)
SELECT (SELECT min(position) FROM projections.checkpoints WHERE consumer = $3) AS position, known.*
FROM (SELECT) AS one LEFT JOIN known ON true`;

/** Whose places they are by master data, also by that of the places they are part of. */
const partnersAmong = async (
  pool: Pool,
  schema: string,
  ownParties: readonly string[],
  places: readonly string[],
): Promise<Set<string>> => {
  if (ownParties.length === 0) return new Set();
  const geo = geography(await readMasterData(pool, schema, { places }));
  return new Set(
    places.filter((place) => {
      const party = geo.party(place);
      return party !== undefined && !ownParties.includes(party);
    }),
  );
};

/** @param ownParties canonical ids of the parties that are this organisation; none: all places are ours. */
export const createKnownStockReader = (
  pool: Pool,
  projections: Projections,
  ownParties: readonly string[],
): KnownStockReader => ({
  read: async ({ lots = [], items = [], places = [] }) => {
    if (lots.length === 0 && items.length === 0) return { position: '', lots: new Map() };
    const schema = await projections.schemaOf(STOCK);
    const { rows } = await pool.query<Row>(READ(schema), [[...new Set(lots)], [...new Set(items)], schema, ownParties]);
    return {
      ...(places.length > 0 && { partnerPlaces: await partnersAmong(pool, schema, ownParties, places) }),
      position: rows[0]?.position ?? '',
      lots: new Map(
        rows.flatMap(({ id, dates, acts, balances }): [string, KnownLot][] =>
          id === null
            ? []
            : [
                [
                  id,
                  {
                    lot: id,
                    dates,
                    acts: new Set(acts),
                    balances: (balances ?? []).map(({ partner, ...b }) => ({
                      ...b,
                      value: decimal(b.value),
                      ...(partner && { partner }),
                    })),
                  },
                ],
              ],
        ),
      ),
    };
  },
  waitFor: async (position) => {
    const { reached, position: at } = await projections.waitFor(STOCK, position, LAG_MS);
    if (reached) return;
    const message = `known stock has not reached ${position}, and without it a refusal would not be certain`;
    throw new LotlineError('behind', 'stock-behind', message, [], {
      retryAfter: 1,
      position: at,
      minPosition: position,
    });
  },
});
