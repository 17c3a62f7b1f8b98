import type { EventLog } from '#event-log';
import { baseUnitOf, canonicalId, malformed, type Problem } from '#kernel';
import { cursorKey, type PageAt, pageOf } from '#platform';
import { itemIdFrom, moneyOf, parkedAbout, type Money } from '#traceability';
import { difference, type Figures, type FigureTexts, figureTexts, isNothing, noFigures } from '../../domain/figures.js';
import { type PeriodView, readPeriod } from '../../periods/closed-periods.js';
import { correctionsOf, type Corrected } from '../../periods/corrections.js';
import { compareKeys, type Pair, paired } from '../../periods/paired-rows.js';
import { type FrozenRow, readFrozen } from '../../periods/frozen-figures.js';
import type { GenealogyReader, Snapshot } from '../../read-model/genealogy-reader.js';
import type { BalancePeriodDto } from './balance-period.dto.js';
import { readFigures } from '../../periods/read-figures.js';
import { type Calendar, type Period, readWindows } from '../../periods/site-windows.js';

export interface ClosedRow extends Partial<Corrected> {
  item: string | null;
  site: string | null;
  timeZone: string;
  unit: string;
  /** As the period was closed; null where there was nothing. */
  frozen: FigureTexts | null;
  /** As the record has it now; null where there is nothing any more. */
  now: FigureTexts | null;
  /** now − frozen; absent where nothing changed. */
  difference?: FigureTexts;
  /** What the difference in stock at the end is worth, at the cost that was frozen. */
  money?: Money;
}

export interface ClosedBalance extends PageAt<ClosedRow>, Period {
  period: PeriodView;
  /** The frozen figures are those whose digest was recorded. */
  verified: boolean;
  complete: boolean;
  parked: readonly string[];
}

const notBoth = (field: string, found: unknown): Problem => ({
  code: 'period-and-days',
  message: 'a closed period has its days already',
  field: `/${field}`,
  found,
  expected: 'nothing beside `period`',
});

const differenceOf = ({ frozen, now }: Pair): Figures =>
  difference(now?.figures ?? noFigures(), frozen?.figures ?? noFigures());

const toldPair = (pair: Pair, timeZone: string, corrected: Corrected | undefined): ClosedRow => {
  const { item, site, dimension, frozen, now } = pair;
  const change = differenceOf(pair);
  return {
    ...{ item: item === '' ? null : item, site: site === '' ? null : site, timeZone, unit: baseUnitOf(dimension) },
    frozen: frozen === undefined ? null : figureTexts(frozen.figures),
    now: now === undefined ? null : figureTexts(now.figures),
    ...(!isNothing(change) && { difference: figureTexts(change) }),
    ...(!isNothing(change) && frozen?.price && { money: moneyOf(change.closing, frozen.price) }),
    ...corrected,
  };
};

const compared = async (
  snapshot: Snapshot,
  view: PeriodView,
  frozen: readonly FrozenRow[],
  asked: BalancePeriodDto,
  calendar: Calendar,
): Promise<Omit<ClosedBalance, 'verified'>> => {
  const { client, schema, position } = snapshot;
  const period: Period = { from: view.from, to: view.to };
  const windows = await readWindows(client, schema, period, calendar);
  const item = asked.item === undefined ? undefined : itemIdFrom(asked.item);
  const site = asked.site === undefined ? undefined : canonicalId(asked.site).id;
  const now = await readFigures(client, schema, windows, { item, site });
  const [cursorItem, cursorSite, cursorDimension] = cursorKey(asked.cursor, 3);
  const cursor = { item: cursorItem ?? '', site: cursorSite ?? '', dimension: cursorDimension ?? '' };
  const after = (pair: Pair): boolean => typeof cursorItem !== 'string' || compareKeys(pair, cursor) > 0;
  const asOne = (row: FrozenRow): boolean =>
    (item === undefined || row.item === item) && (site === undefined || row.site === site);
  const all = paired(frozen.filter(asOne), now).filter(after);
  const { items, ...page } = pageOf(all, asked.limit ?? 100, (pair) => [pair.item, pair.site, pair.dimension]);
  const differing = items.filter((pair) => !isNothing(differenceOf(pair)));
  const corrected = await correctionsOf(
    snapshot,
    view,
    differing.map((pair) => ({ ...pair, difference: differenceOf(pair) })),
    { windows, period, calendar },
  );
  const byPair = new Map(differing.map((pair, n) => [pair, corrected[n]]));
  const zones = new Map(windows.map((window) => [window.site, window.timeZone]));
  const parked = await parkedAbout(client, schema, null);
  return {
    ...{ position, ...period, period: view, complete: parked.length === 0, parked, ...page },
    items: items.map((pair) =>
      toldPair(pair, pair.frozen?.timeZone ?? zones.get(pair.site) ?? calendar.timeZone, byPair.get(pair)),
    ),
  };
};

/**
 * A closed period: the figures it was closed with, those of now, and which facts made the difference.
 * @param named the period's id.
 * @throws LotlineError `period-unknown` (404), `invalid-request` (400): `period-and-days`.
 */
export const balanceClosedPeriod = async (
  reader: GenealogyReader,
  log: EventLog,
  named: string,
  asked: BalancePeriodDto,
  calendar: Calendar,
): Promise<ClosedBalance> => {
  const given = (['from', 'to'] as const).filter((name) => asked[name] !== undefined);
  if (given.length > 0)
    throw malformed(
      'invalid-request',
      'a closed period has its days already',
      given.map((name) => notBoth(name, asked[name])),
    );
  const period = await readPeriod(log, named);
  const { rows, verified } = await readFrozen(log, period);
  const answer = await reader.read((snapshot) => compared(snapshot, period, rows, asked, calendar));
  return { verified, ...answer };
};
