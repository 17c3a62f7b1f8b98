import {
  frozenFiguresStream,
  frozenPartId,
  PeriodFiguresFrozen,
  type FrozenFigures,
  type NewEvent,
  type RecordedOf,
} from '#contracts';
import type { EventLog } from '#event-log';
import { contentHash, decimal, decimalText, uuidFromName } from '#kernel';
import { eventMeta, type CommandContext } from '#platform';
import type { Price } from '#traceability';
import { figuresFrom, figureTexts } from '../domain/figures.js';
import type { ClosedPeriod } from '../domain/period.js';
import type { FiguresRow } from './read-figures.js';

/** Rows of one event: some 150 kB, which every broker takes. */
const ROWS_OF_PART = 200;

/** A frozen row, and what a base unit cost then. */
export interface FrozenRow extends FiguresRow {
  timeZone: string;
  price?: Price;
}

const frozenOf = ({ item, site, dimension, timeZone, figures, price }: FrozenRow): FrozenFigures => ({
  ...(item !== '' && { item }),
  ...(site !== '' && { site }),
  ...{ timeZone, dimension },
  ...figureTexts(figures),
  ...(price && { cost: { value: decimalText(price.value), currency: price.currency } }),
});

const rowOf = ({ item = '', site = '', timeZone, dimension, cost, ...texts }: FrozenFigures): FrozenRow => ({
  ...{ item, site, dimension, timeZone, figures: figuresFrom(texts) },
  ...(cost && { price: { value: decimal(cost.value), currency: cost.currency } }),
});

/**
 * Records the figures in a stream of their own, before the event that makes them count: whoever dies in between leaves
 * figures that nothing names.
 */
export const freezeFigures = async (
  log: EventLog,
  rows: readonly FrozenRow[],
  at: { knownAt: string; now: string; context: CommandContext },
): Promise<Pick<ClosedPeriod, 'figures' | 'rows' | 'parts' | 'digest'>> => {
  const told = rows.map(frozenOf);
  const digest = contentHash(told);
  const figures = uuidFromName(`period-figures:${at.context.eventSeed}:${at.knownAt}:${digest}`);
  const parts = Array.from({ length: Math.ceil(told.length / ROWS_OF_PART) }, (_, part) =>
    told.slice(part * ROWS_OF_PART, (part + 1) * ROWS_OF_PART),
  );
  const events = parts.map((part, n): NewEvent => ({
    id: frozenPartId(figures, n),
    type: PeriodFiguresFrozen.type,
    schemaVersion: PeriodFiguresFrozen.version,
    eventTime: at.now,
    data: { figures, part: n, rows: part },
    meta: eventMeta(at.context, 'lotline/genealogy'),
    // The moment is none of what makes two of them the same.
    contentKey: `${PeriodFiguresFrozen.type} ${figures} ${n} ${digest}`,
  }));
  if (events.length > 0) {
    const [result] = await log.append([{ stream: frozenFiguresStream(figures), expected: 'no-stream', events }]);
    if (result?.ok !== true) throw new Error(`the log refused frozen figures: ${JSON.stringify(result)}`);
  }
  return { figures, rows: told.length, parts: parts.length, digest };
};

/** The figures as a period was closed with; `verified` says whether they are those whose digest was recorded. */
export const readFrozen = async (
  log: EventLog,
  { figures, digest }: Pick<ClosedPeriod, 'figures' | 'digest'>,
): Promise<{ rows: FrozenRow[]; verified: boolean }> => {
  const events = (await log.readStream(frozenFiguresStream(figures))) as RecordedOf<typeof PeriodFiguresFrozen>[];
  const told = events.flatMap((event) => event.data.rows);
  return { rows: told.map(rowOf), verified: contentHash(told) === digest };
};
