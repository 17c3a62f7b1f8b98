import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PeriodClosed, compileValidator } from '#contracts';
import type { LotlineError } from '#kernel';
import { daysAfter } from '#traceability';
import { periodDecider, type ClosePeriod, type Periods } from './period.js';

const frozen = {
  ...{ figures: 'a1b5bd52-4f29-8d0c-9d0e-3f6b1d1f1a11', rows: 3, parts: 1, digest: 'ab'.repeat(32) },
  ...{ knownAt: '0000000000000412', complete: true },
};
const close = (from: string, to: string, more: Partial<ClosePeriod> = {}): ClosePeriod => ({
  ...{ type: 'close', from, to, why: 'month end', frozen, now: '2026-06-01T00:00:00.000Z' },
  ended: `${daysAfter(to, 1)}T00:00:00.000Z`,
  ...more,
});
const after = (...commands: ClosePeriod[]): Periods =>
  commands.reduce<Periods>(
    (state, command) => periodDecider.decide(command, state).reduce(periodDecider.evolve, state),
    periodDecider.initialState(),
  );
const refusal = (command: ClosePeriod, state: Periods): [string, unknown][] => {
  try {
    periodDecider.decide(command, state);
    return [];
  } catch (error) {
    const { kind, code, problems } = error as LotlineError;
    expect([kind, code]).toEqual(['refused', 'period-refused']);
    return problems.map((problem) => [problem.code, problem.expected]);
  }
};

const january = close('2026-01-01', '2026-01-31');

describe('closing a period', () => {
  it('records who may rely on which figures, from the first period on', () => {
    const [event] = periodDecider.decide(january, []);
    expect(event).toMatchObject({
      ...{ type: 'PeriodClosed', eventTime: '2026-06-01T00:00:00.000Z' },
      data: { period: '2026-01-01--2026-01-31', why: 'month end', ...frozen },
    });
    expect(compileValidator(PeriodClosed.data)(event?.data)).toEqual([]);
    expect(after(january, close('2026-02-01', '2026-02-28'))).toHaveLength(2);
  });

  it.each([
    ['again', close('2026-01-01', '2026-01-31'), 'period-closed', 'a period that begins on 2026-02-01'],
    ['a part of it', close('2026-01-10', '2026-01-20'), 'period-overlaps', '2026-02-01'],
    ['more than it', close('2025-12-01', '2026-02-28'), 'period-overlaps', '2026-02-01'],
    ['from its last day', close('2026-01-31', '2026-02-28'), 'period-overlaps', '2026-02-01'],
    ['and leaving a day out', close('2026-02-02', '2026-02-28'), 'period-gap', '2026-02-01'],
    ['what lies before it', close('2025-12-01', '2025-12-31'), 'period-gap', '2026-02-01'],
  ])('is refused: %s', (_, command, code, expected) => {
    expect(refusal(command, after(january))).toEqual([[code, expected]]);
  });

  it('is refused before its last day has ended at every site, with all other reasons', () => {
    const ended = '2026-03-01T11:00:00.000Z';
    expect(
      refusal(close('2026-02-02', '2026-02-28', { ended, now: '2026-03-01T10:59:59.999Z' }), after(january)),
    ).toEqual([
      ['period-gap', '2026-02-01'],
      ['period-not-ended', `to be closed at ${ended} or later`],
    ]);
    expect(refusal(close('2026-02-01', '2026-02-28', { ended, now: ended }), after(january))).toEqual([]);
  });

  it('leaves, whatever is tried, periods that follow each other without gap or overlap', () => {
    const day = fc.integer({ min: 0, max: 40 }).map((n) => daysAfter('2026-01-01', n));
    fc.assert(
      fc.property(fc.array(fc.tuple(day, day), { maxLength: 30 }), (tries) => {
        let state = periodDecider.initialState();
        for (const [a, b] of tries) {
          const command = close(...([a, b].sort() as [string, string]));
          if (refusal(command, state).length === 0)
            state = periodDecider.decide(command, state).reduce(periodDecider.evolve, state);
        }
        state.slice(1).forEach((period, i) => expect(period.from).toBe(daysAfter(state[i]!.to, 1)));
      }),
    );
  });
});
