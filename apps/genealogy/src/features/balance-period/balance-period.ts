import { canonicalId } from '#kernel';
import { cursorKey, type PageAt, pageOf } from '#platform';
import { itemIdFrom, parkedAbout } from '#traceability';
import type { Snapshot } from '../../read-model/genealogy-reader.js';
import { type BalanceRow, toldRows } from '../../periods/balance-row.js';
import { periodAsked } from '../../periods/asked-period.js';
import type { PeriodDto } from './balance-period.dto.js';
import { readFigures } from '../../periods/read-figures.js';
import { type Calendar, type Period, readWindows } from '../../periods/site-windows.js';

export interface PeriodBalance extends PageAt<BalanceRow>, Period {
  /** False where events could not be applied: `parked` names them. */
  complete: boolean;
  parked: readonly string[];
}

/** Figures by item, site and dimension over a period, by event time, as the record has them now. */
export const balancePeriod = async (
  snapshot: Snapshot,
  asked: PeriodDto,
  calendar: Calendar,
): Promise<PeriodBalance> => {
  const { client, schema, position } = snapshot;
  const period = periodAsked(asked);
  const limit = asked.limit ?? 100;
  const windows = await readWindows(client, schema, period, calendar);
  const zones = new Map(windows.map(({ site, timeZone }) => [site, timeZone]));
  const rows = await readFigures(client, schema, windows, {
    item: asked.item === undefined ? undefined : itemIdFrom(asked.item),
    site: asked.site === undefined ? undefined : canonicalId(asked.site).id,
    after: cursorKey(asked.cursor, 3),
    limit: limit + 1,
  });
  const { items, ...page } = pageOf(rows, limit, (row) => [row.item, row.site, row.dimension]);
  const parked = await parkedAbout(client, schema, null);
  return {
    ...{ position, ...period, complete: parked.length === 0, parked, ...page },
    items: await toldRows(snapshot, items, (site) => zones.get(site) ?? calendar.timeZone),
  };
};
