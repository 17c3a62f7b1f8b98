import { describe, expect, it } from '@jest/globals';
import { LotlineError } from '#kernel';
import fc from 'fast-check';
import {
  type NonconformanceCommand,
  nonconformanceDecider,
  type NonconformanceState,
  type Opening,
} from './nonconformance.js';

const NOW = '2026-04-20T10:00:00Z';
const ID = 'NC-1';
type Severity = Opening['severity'];

/** What the rules say, told without events: flags and the codes of a refusal. */
interface Model {
  severity?: Severity;
  closed: boolean;
  cause?: string;
  action?: string;
  done?: string;
}

const opening = (severity: Severity): Opening => ({ nonconformance: ID, description: 'pH', severity });

type Step = Exclude<NonconformanceCommand['type'], 'open'> | 'open-minor' | 'open-major';
const steps = fc.array(
  fc.record({
    do: fc.constantFrom<Step[]>(
      'open-minor',
      'open-major',
      'find-cause',
      'set-action',
      'finish-action',
      'close',
      'reopen',
    ),
    say: fc.constantFrom('a', 'b'),
    late: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  }),
  { maxLength: 25 },
);
interface Told {
  do: Step;
  say: string;
  late: boolean;
}

const commandOf = ({ do: what, say, late }: Told): NonconformanceCommand => {
  switch (what) {
    case 'open-minor':
    case 'open-major':
      return { type: 'open', opening: opening(what === 'open-minor' ? 'minor' : 'major'), now: NOW };
    case 'find-cause':
      return { type: what, id: ID, cause: say, now: NOW };
    case 'set-action':
      return { type: what, id: ID, action: say, owner: 'o', due: late ? '2026-04-19' : '2026-04-20', now: NOW };
    case 'finish-action':
      return { type: what, id: ID, result: say, now: NOW };
    case 'close':
      return { type: what, id: ID, conclusion: say, now: NOW };
    case 'reopen':
      return { type: what, id: ID, reason: say, now: NOW };
  }
};

/** @returns the codes it is refused with; none where it is done (or was before). Changes the model. */
const predict = (model: Model, { do: what, say, late }: Told): string[] => {
  if (what === 'open-minor' || what === 'open-major') {
    const severity = what === 'open-minor' ? 'minor' : 'major';
    if (model.severity !== undefined) return model.severity === severity ? [] : ['nonconformance-exists'];
    model.severity = severity;
    return [];
  }
  if (model.severity === undefined) return ['nonconformance-unknown'];
  if (what === 'reopen') {
    model.closed = false;
    return [];
  }
  if (model.closed) return what === 'close' ? [] : ['nonconformance-closed'];
  if (what === 'find-cause') model.cause = say;
  if (what === 'set-action') {
    if (model.action === say && !late) return [];
    if (late) return ['due-in-the-past'];
    model.action = say;
    delete model.done;
  }
  if (what === 'finish-action') {
    if (model.action === undefined) return ['action-missing'];
    model.done = say;
  }
  if (what !== 'close') return [];
  const reasons = [
    ...(model.cause === undefined ? ['cause-missing'] : []),
    ...(model.action === undefined && model.severity === 'major' ? ['action-missing'] : []),
    ...(model.action !== undefined && model.done === undefined ? ['action-not-done'] : []),
  ];
  model.closed = reasons.length === 0;
  return reasons;
};

describe('a nonconformance', () => {
  it('does what its rules say, whatever is commanded in whatever order, and the same again changes nothing', () => {
    fc.assert(
      fc.property(steps, (told) => {
        const model: Model = { closed: false };
        let state: NonconformanceState = nonconformanceDecider.initialState();
        for (const step of told) {
          const command = commandOf(step);
          let codes: string[] = [];
          try {
            state = nonconformanceDecider.decide(command, state).reduce(nonconformanceDecider.evolve, state);
            expect(nonconformanceDecider.decide(command, state)).toEqual([]);
          } catch (error) {
            if (!(error instanceof LotlineError)) throw error;
            codes = error.problems.length > 0 ? error.problems.map((p) => p.code) : [error.code];
          }
          expect(codes).toEqual(predict(model, step));
          expect({
            severity: state?.opening.severity,
            closed: state?.status === 'closed',
            cause: state?.cause,
            action: state?.action?.action,
            done: state?.action?.result,
          }).toEqual({ ...{ cause: undefined, action: undefined, done: undefined, severity: undefined }, ...model });
          expect(state?.conclusion === undefined).toBe(!model.closed);
        }
      }),
      { numRuns: 500 },
    );
  });
});
