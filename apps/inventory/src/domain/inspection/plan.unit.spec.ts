import { describe, expect, it } from '@jest/globals';
import { decided, InspectionPlanDefined, InspectionPlanWithdrawn } from '#contracts';
import { given } from '#testkit';
import { expectationOf, isReadable, verdictOf } from './judge.js';
import {
  type Characteristic,
  planAt,
  planDecider,
  type PlanCommand,
  type PlanEvent,
  planFor,
  type Plans,
  refOf,
} from './plan.js';

const NOW = '2026-04-20T10:00:00Z';
const item = 'https://id.gs1.org/01/09506000134352';
const supplier = 'https://id.gs1.org/417/9506000200020';
const ph: Characteristic = { characteristic: 'pH', lower: '6.5', upper: '6.80', sampleSize: 3 };
const plan = { item, quarantine: true, characteristics: [ph] };

const after = (...history: PlanEvent[]) => given<Plans, PlanCommand, PlanEvent>(planDecider, ...history);
const defined = (version: number, more: object = {}): PlanEvent =>
  decided(InspectionPlanDefined, NOW, { ...plan, version, ...more });
const withdrawn = decided(InspectionPlanWithdrawn, NOW, { item, reason: 'certified' });

describe('an inspection plan', () => {
  it('is defined once, changed by a new version, withdrawn and defined again', () => {
    after().when({ type: 'define', plan, now: NOW }).then(defined(1));
    after(defined(1)).when({ type: 'define', plan, now: NOW }).thenNothing();
    after(defined(1))
      .when({ type: 'define', plan: { ...plan, quarantine: false }, now: NOW })
      .then(defined(2, { quarantine: false }));
    after(defined(1)).when({ type: 'withdraw', item, reason: 'certified', now: NOW }).then(withdrawn);
    after(defined(1), withdrawn).when({ type: 'withdraw', item, reason: 'x', now: NOW }).thenNothing();
    after(defined(1), withdrawn).when({ type: 'define', plan, now: NOW }).then(defined(2));
    after().when({ type: 'withdraw', item, reason: 'x', now: NOW }).thenRefused('plan-unknown');
  });

  it('of a supplier goes before that of the item, for its goods alone; old versions stay', () => {
    const plans = [defined(1), defined(1, { supplier }), defined(2, { quarantine: false })].reduce(
      planDecider.evolve,
      planDecider.initialState(),
    );
    expect(planFor(plans, [supplier])).toMatchObject({ supplier, version: 1 });
    expect(planFor(plans, ['other'])).toMatchObject({ version: 2, quarantine: false });
    expect(planFor(plans, [])).toMatchObject({ version: 2 });
    expect(planAt(plans, { item, version: 1 })).toMatchObject({ quarantine: true });
    expect(refOf(planFor(plans, [supplier])!)).toEqual({ item, supplier, version: 1 });
    expect(planFor(planDecider.evolve(plans, withdrawn), [])).toBeUndefined();
    expect(planFor(planDecider.evolve(plans, withdrawn), [supplier])).toBeDefined();
  });

  it('is refused with everything that cannot be judged by', () => {
    const of = (more: Partial<Characteristic>): Characteristic => ({ characteristic: 'c', sampleSize: 1, ...more });
    const error = after()
      .when({
        type: 'define',
        plan: {
          ...plan,
          characteristics: [
            of({}),
            of({ lower: '2', upper: '1.9' }),
            of({ characteristic: 'd', lower: '1', expected: 'absent', unit: 'CEL' }),
          ],
        },
        now: NOW,
      })
      .thenRefused(
        'nothing-to-judge-by',
        'characteristic-listed-twice',
        'limits-contradict',
        'limits-or-expected',
        'unit-without-limits',
      );
    expect(error.problems.map((p) => p.index)).toEqual([0, 1, 1, 2, 2]);
  });
});

describe('a verdict', () => {
  it.each([
    [['6.5', '6.80', '6.799999999999999999999'], 'pass'],
    [['6.5', '6.6'], 'inconclusive'],
    [['6.5', '6.800000000000000000001'], 'fail'],
    [['6.4999999999999999999999'], 'fail'],
    [[], 'inconclusive'],
  ])('of %j within 6.5 and 6.80 is %s', (values, verdict) => {
    expect(verdictOf(ph, values)).toBe(verdict);
  });

  it('of one limit, and of a finding without regard to case', () => {
    const one = { characteristic: 'x', sampleSize: 1 };
    expect(verdictOf({ ...one, upper: '-1' }, ['-1.5'])).toBe('pass');
    expect(verdictOf({ ...one, lower: '0' }, ['-0.1'])).toBe('fail');
    expect(verdictOf({ ...one, expected: 'Absent' }, [' absent '])).toBe('pass');
    expect(verdictOf({ ...one, expected: 'absent' }, ['present'])).toBe('fail');
    expect(isReadable({ ...one, expected: 'absent' }, 'present')).toBe(true);
    expect(isReadable(ph, '6,7')).toBe(false);
    expect(
      [ph, { ...one, lower: '1', unit: 'CEL' }, { ...one, upper: '2' }, { ...one, expected: 'absent' }].map(
        expectationOf,
      ),
    ).toEqual(['6.5 to 6.80', 'at least 1 CEL', 'at most 2', 'absent']);
  });
});
