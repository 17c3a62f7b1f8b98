import { canonicalId, type Amount } from '#kernel';
import { cursorKey, type PageAt, pageOf } from '#platform';
import { itemIdFrom, type PathStep, pathTo, type Suspect, suspectsOf } from '#traceability';
import type { Snapshot } from '../../read-model/genealogy-reader.js';
import { withSuspicion } from '../suspicion.js';
import type { ListSuspectsDto } from './list-suspects.dto.js';

/** One lot that one hold makes suspect. */
export interface SuspectLot {
  lot: string;
  item: string | null;
  lotCode: string | null;
  /** Its own: `suspect` where nothing graver is. */
  status: string;
  holdId: string;
  /** Whose hold it is; null where nobody said so. */
  owner: string | null;
  reason: string;
  /** The nearest lot upstream that the hold is on. */
  held: string;
  /** Transformations between the two. */
  depth: number;
  /** From the held lot to this one, the fewest transformations there are. */
  path: readonly PathStep[];
  onHand: { place: string | null; amount: Amount }[];
}

const HOLDS = (s: string): string => `
SELECT hold AS "holdId", owner_id AS owner, json_agg(json_build_object('lot', lot, 'reason', reason) ORDER BY lot) AS lots
FROM (
  SELECT l.id AS lot, h->>'holdId' COLLATE "C" AS hold, coalesce(h->>'owner', '') COLLATE "C" AS owner_id, h->>'reason' AS reason
  FROM ${s}.lots l CROSS JOIN LATERAL jsonb_array_elements(l.holds) AS holds(h) WHERE l.holds <> '[]'
) held
WHERE ($1::text IS NULL OR hold = $1) AND ($2::text IS NULL OR owner_id = $2)
  AND ($3::text IS NULL OR (hold, owner_id) >= ($3, $4))
GROUP BY hold, owner_id ORDER BY hold, owner_id LIMIT $5 OFFSET $6`;

const LOTS = (s: string): string => `
SELECT l.id, l.item, l.lot_code AS "lotCode", l.status, l.node->'onHand' AS "onHand" FROM ${s}.lots l
WHERE l.id = ANY ($1::text[]) AND l.kind IN ('lot', 'serial')
  AND ($2::text IS NULL OR l.item = $2)
  AND ($3::text IS NULL OR EXISTS (SELECT FROM ${s}.balances b WHERE b.owner = l.owner AND b.place = $3))
  AND ($4::text IS NULL OR CASE WHEN l.status IN ('available', 'released') THEN 'suspect' ELSE l.status END = $4)
  AND ($5::text IS NULL OR l.id > $5)
ORDER BY l.id LIMIT $6`;

interface Hold {
  holdId: string;
  owner: string;
  /** The lots it is on, and why. */
  lots: { lot: string; reason: string }[];
}

interface LotRow {
  id: string;
  item: string | null;
  lotCode: string | null;
  status: string;
  onHand: SuspectLot['onHand'] | null;
}

/** Holds of one walk: few at first, a page is often full with them; more where each explains little. */
const FIRST = 8;
const MOST = 512;

/**
 * What holds make suspect, hold by hold, then lot by lot. The holds of a page are walked forward together, level by level;
 * never is a lot walked back by itself.
 */
export const listSuspects = async (snapshot: Snapshot, asked: ListSuspectsDto): Promise<PageAt<SuspectLot>> => {
  const { client, schema, graph, position } = snapshot;
  const limit = asked.limit ?? 100;
  const [fromHold = null, fromOwner = null, fromLot = null] = cursorKey(asked.cursor, 3);
  const item = asked.item === undefined ? null : itemIdFrom(asked.item);
  const place = asked.place === undefined ? null : canonicalId(asked.place).id;

  const rowsOf = async (
    hold: Hold,
    suspects: readonly Suspect[],
    after: string | null,
    room: number,
  ): Promise<SuspectLot[]> => {
    const reasons = new Map(hold.lots.map(({ lot, reason }) => [lot, reason]));
    const byLot = new Map(suspects.map((suspect) => [suspect.at, suspect]));
    const { rows } = await client.query<LotRow>(LOTS(schema), [
      [...byLot.keys()],
      item,
      place,
      asked.status ?? null,
      after,
      room,
    ]);
    return rows.flatMap(({ id, onHand, ...lot }) => {
      const suspect = byLot.get(id);
      if (suspect === undefined) return [];
      const { held, depth } = suspect;
      return {
        lot: id,
        item: lot.item,
        lotCode: lot.lotCode,
        status: withSuspicion({ id, status: lot.status }, new Set([id])).status,
        holdId: hold.holdId,
        owner: hold.owner === '' ? null : hold.owner,
        reason: reasons.get(held) ?? '',
        held,
        depth,
        path: pathTo(suspect),
        onHand: onHand ?? [],
      };
    });
  };

  const found: SuspectLot[] = [];
  for (let offset = 0, size = FIRST; found.length <= limit; offset += size, size = Math.min(2 * size, MOST)) {
    const { rows: holds } = await client.query<Hold>(HOLDS(schema), [
      asked.hold ?? null,
      asked.owner ?? null,
      fromHold,
      fromOwner,
      size,
      offset,
    ]);
    const suspects = await suspectsOf(new Map(holds.map((hold) => [hold, hold.lots.map(({ lot }) => lot)])), graph);
    for (const [hold, all] of suspects) {
      if (found.length > limit) break;
      const after = hold.holdId === fromHold && hold.owner === fromOwner ? fromLot : null;
      if (all.length > 0) found.push(...(await rowsOf(hold, all, after, limit + 1 - found.length)));
    }
    if (holds.length < size) break;
  }
  return { position, ...pageOf(found, limit, ({ holdId, owner, lot }) => [holdId, owner ?? '', lot]) };
};
