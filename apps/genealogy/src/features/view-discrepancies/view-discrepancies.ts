import { LotlineError } from '#kernel';
import { cursorKey, type PageAt, pageOf } from '#platform';
import {
  afterInheritedExpiry,
  type Discrepancy,
  type DiscrepancyKind,
  itemIdFrom,
  overdue,
  parkedAbout,
  resolveLot,
  toldDiscrepancy,
} from '#traceability';
import type { GenealogyReader, Snapshot } from '../../read-model/genealogy-reader.js';
import type { StockPromises } from './stock-promises.js';
import type { ViewDiscrepanciesDto } from './view-discrepancies.dto.js';

export interface DiscrepancyView extends Discrepancy {
  status: 'open' | 'closed';
  /** Where in the log it came up; absent of what passing time or the stock books tell. */
  openedAt?: string;
  /** Where a later fact explained it. */
  closedAt?: string;
}

export interface DiscrepancyPage extends PageAt<DiscrepancyView> {
  /** False where something may be missing: `missing` and `parked` say what. */
  complete: boolean;
  /** Parked events that name the lot asked for, any where none is asked for. */
  parked: readonly string[];
  /** Somebody who must be asked did not answer: kinds that may be missing. */
  missing?: { kinds: DiscrepancyKind[]; reason: string };
}

interface Row {
  detail: Discrepancy;
  opened_at: string;
  closed_at: string | null;
}

// One contradiction may come up in the folds of several lots; it is one all the same.
const LIST = (s: string): string => `
SELECT DISTINCT ON (d.time, d.key) d.detail, d.opened_at, d.closed_at FROM ${s}.discrepancies d
WHERE (d.closed_at IS NULL) = ($1 = 'open')
  AND ($1 = 'open' OR NOT EXISTS (SELECT FROM ${s}.discrepancies o WHERE o.key = d.key AND o.closed_at IS NULL))
  AND ($2::text IS NULL OR d.kind = $2) AND ($3::text IS NULL OR d.lot = $3)
  AND ($4::text IS NULL OR d.lot = $4 OR EXISTS (SELECT FROM ${s}.lots l WHERE l.id = d.lot AND l.item = $4))
  AND ($5::text IS NULL OR (d.time, d.key) > ($5, $6))
ORDER BY d.time, d.key, d.opened_at LIMIT $7`;

/** Canonical ids; asked for besides a lot, an item only tells lots of one code apart. */
interface Asked {
  lot: string | null;
  item: string | null;
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const standsFor = async ({ client, schema }: Snapshot, lot: string): Promise<string> =>
  (await client.query<{ id: string }>(`SELECT stands_for AS id FROM ${schema}.aliases WHERE id = $1`, [lot])).rows[0]
    ?.id ?? lot;

/** Of what is not stored, what was asked for. */
const concerning = async <D extends Discrepancy>(
  found: readonly D[],
  { lot, item }: Asked,
  { client, schema }: Snapshot,
): Promise<D[]> => {
  if (lot !== null) return found.filter((d) => d.lot === lot);
  if (item === null || found.length === 0) return [...found];
  const { rows } = await client.query<{ id: string }>(
    `SELECT id FROM ${schema}.lots WHERE id = ANY ($1::text[]) AND item = $2`,
    [[...new Set(found.map((d) => d.lot))], item],
  );
  const lots = new Set(rows.map(({ id }) => id));
  return found.filter((d) => lots.has(d.lot));
};

/** Stored rows after the cursor, one more than the page has, and what is overdue now. */
const recorded = async (
  snapshot: Snapshot,
  { status = 'open', kind, lot, item, cursor, limit = 100 }: ViewDiscrepanciesDto,
): Promise<{ position: string; asked: Asked; parked: string[]; found: DiscrepancyView[] }> => {
  const { client, schema, position, graph, punctuality } = snapshot;
  const asked: Asked =
    lot === undefined
      ? { lot: null, item: item === undefined ? null : itemIdFrom(item) }
      : { lot: await standsFor(snapshot, await resolveLot({ lot, item }, graph)), item: null };
  const { rows } = await client.query<Row>(LIST(schema), [
    status,
    kind ?? null,
    asked.lot,
    asked.item,
    ...cursorKey(cursor, 2),
    limit + 1,
  ]);
  const late =
    status === 'open' && (kind ?? 'not-received') === 'not-received'
      ? await overdue(client, schema, punctuality, asked.lot === null ? undefined : [asked.lot])
      : [];
  const mayExpire = kind === undefined || kind === 'used-after-expiry' || kind === 'shipped-after-expiry';
  const expired =
    status === 'open' && mayExpire
      ? await afterInheritedExpiry(client, schema, asked.lot === null ? undefined : [asked.lot])
      : [];
  const derived = [...late, ...expired.filter((d) => kind === undefined || d.kind === kind)];
  return {
    position,
    asked,
    parked: await parkedAbout(client, schema, asked.lot),
    found: [
      ...rows.map((row) => ({
        ...row.detail,
        status,
        openedAt: row.opened_at,
        ...(row.closed_at !== null && { closedAt: row.closed_at }),
      })),
      ...(await concerning(derived, asked, snapshot)).map((d) => ({ ...d, status })),
    ],
  };
};

const inOrder = (a: Discrepancy, b: Discrepancy): number => compareText(a.time, b.time) || compareText(a.key, b.key);

/**
 * What the record cannot explain, or could not until it was explained; in order of event time. What time and the stock
 * books tell is not recorded: it is listed as long as it holds.
 */
export const viewDiscrepancies = async (
  reader: GenealogyReader,
  promises: StockPromises,
  dto: ViewDiscrepanciesDto,
): Promise<DiscrepancyPage> => {
  const { status = 'open', kind = 'commitment-broken', cursor, limit = 100 } = dto;
  const { position, asked, parked, found } = await reader.read((snapshot) => recorded(snapshot, dto));
  // Asked after the snapshot is given back: nobody waits for another context with a connection in hand.
  const mayBreak = status === 'open' && kind === 'commitment-broken';
  const broken = mayBreak
    ? await promises.broken(position).catch((error: unknown) => {
        if (error instanceof LotlineError) return error;
        throw error;
      })
    : [];
  const mine =
    broken instanceof LotlineError || broken.length === 0
      ? []
      : await reader.read((snapshot) => concerning(broken, asked, snapshot));
  const [time, key] = cursorKey(cursor, 2);
  const isLater = (d: Discrepancy): boolean =>
    typeof time !== 'string' || compareText(d.time, time) > 0 || (d.time === time && d.key > (key ?? ''));
  const rows = [...found, ...mine.map((d) => ({ ...d, status }))].filter(isLater).sort(inOrder);
  const page = pageOf(rows, limit, (d) => [d.time, d.key]);
  return {
    position,
    complete: !(broken instanceof LotlineError) && parked.length === 0,
    parked,
    ...(broken instanceof LotlineError && { missing: { kinds: ['commitment-broken'], reason: broken.code } }),
    ...page,
    items: page.items.map(toldDiscrepancy),
  };
};
