import { PERIODS_STREAM, type PeriodClosed, type RecordedOf } from '#contracts';
import type { EventLog } from '#event-log';
import { notFound } from '#kernel';
import type { ClosedPeriod } from '../domain/period.js';

/** A closed period with who closed it and when. */
export interface PeriodView extends ClosedPeriod {
  closedBy: string;
  closedAt: string;
}

/** Closed periods, the first first. */
export const readPeriods = async (log: EventLog): Promise<PeriodView[]> =>
  ((await log.readStream(PERIODS_STREAM)) as RecordedOf<typeof PeriodClosed>[]).map(({ data, meta, recordTime }) => ({
    ...data,
    closedBy: meta.actor,
    closedAt: recordTime,
  }));

/** @throws LotlineError `period-unknown` (404) */
export const readPeriod = async (log: EventLog, period: string): Promise<PeriodView> => {
  const found = (await readPeriods(log)).find((one) => one.period === period);
  if (found === undefined)
    throw notFound('period-unknown', `${period} is not closed: GET /genealogy/periods lists those that are`);
  return found;
};
