import { decided, PeriodClosed, periodId, type DataOf, type DecidedOf } from '#contracts';
import { refused, type Decider, type Problem } from '#kernel';
import { daysAfter } from '#traceability';

export type ClosedPeriod = DataOf<typeof PeriodClosed>;
export type PeriodEvent = DecidedOf<typeof PeriodClosed>;

/** Closed periods, the first first; each begins the day after the one before it ended. */
export type Periods = readonly ClosedPeriod[];

/** What is asked for, before anything is computed. */
export interface Closing {
  from: string;
  to: string;
  /** When the last day has ended at every site (ISO 8601, UTC). */
  ended: string;
  /** ISO 8601, UTC. */
  now: string;
}

export interface ClosePeriod extends Closing {
  type: 'close';
  why: string;
  frozen: Pick<ClosedPeriod, 'figures' | 'rows' | 'parts' | 'digest' | 'knownAt' | 'complete'>;
}

const overlaps = (period: { from: string; to: string }, { from, to }: Closing): boolean =>
  period.from <= to && from <= period.to;

/** Why a period cannot be closed, all of it: `period-closed`, `period-overlaps`, `period-gap`, `period-not-ended`. */
export const reasonsAgainst = (closed: Periods, closing: Closing): Problem[] => {
  const { from, to, ended, now } = closing;
  const last = closed.at(-1);
  const next = last === undefined ? undefined : daysAfter(last.to, 1);
  const reasons: Problem[] = [];
  const same = closed.find((period) => period.from === from && period.to === to);
  if (same !== undefined)
    reasons.push({
      code: 'period-closed',
      message: `${same.period} is closed already`,
      id: same.period,
      found: periodId(closing),
      expected: `a period that begins on ${next}`,
    });
  else
    for (const period of closed.filter((one) => overlaps(one, closing)))
      reasons.push({
        code: 'period-overlaps',
        message: `it overlaps ${period.period}, which is closed`,
        id: period.period,
        field: '/from',
        found: from,
        expected: `${next}`,
      });
  if (reasons.length === 0 && next !== undefined && from !== next)
    reasons.push({
      code: 'period-gap',
      message: from > next ? `the days from ${next} on would never be closed` : `it lies before ${closed[0]?.period}`,
      field: '/from',
      found: from,
      expected: next,
    });
  if (now < ended)
    reasons.push({
      code: 'period-not-ended',
      message: `${to} has not ended at every site`,
      field: '/to',
      found: to,
      expected: `to be closed at ${ended} or later`,
    });
  return reasons;
};

/** @throws LotlineError `period-refused` (422) with every reason. */
export const refuseUnlessClosable = (closed: Periods, closing: Closing): void => {
  const reasons = reasonsAgainst(closed, closing);
  if (reasons.length > 0) throw refused('period-refused', `${periodId(closing)} cannot be closed`, reasons);
};

export const periodDecider: Decider<Periods, ClosePeriod, PeriodEvent> = {
  initialState: () => [],
  evolve: (closed, event) => [...closed, event.data],
  decide: (command, closed) => {
    refuseUnlessClosable(closed, command);
    const { from, to, why, frozen, now } = command;
    return [decided(PeriodClosed, now, { period: periodId(command), from, to, why, ...frozen })];
  },
};
