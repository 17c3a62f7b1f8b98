import type { DataOf, UsageDecided } from '#contracts';
import type { Problem } from '#kernel';
import { expectationOf, type Verdict } from './judge.js';
import type { Plan, PlanRef } from './plan.js';

/** What was found of one characteristic; told again, the later word counts. */
export interface Finding {
  result: Verdict;
  values: readonly string[];
}

export type Decision = DataOf<typeof UsageDecided>;

/** One inspection of a lot by the version of a plan it began with. */
export interface Inspection {
  plan: PlanRef;
  findings: ReadonlyMap<string, Finding>;
  decision?: Decision;
}

/** Whether the goods may be used by this decision. */
export const isAcceptance = ({ decision }: Decision): boolean =>
  decision === 'accept' || decision === 'accept-restricted';

/** What the plan wants and nobody has told yet, or not of enough samples. */
export const missingOf = (plan: Plan, { findings }: Pick<Inspection, 'findings'>): Problem[] =>
  plan.characteristics.flatMap((wanted): Problem[] => {
    const { characteristic, sampleSize } = wanted;
    const found = findings.get(characteristic);
    if (found === undefined)
      return [
        {
          code: 'result-missing',
          message: `${characteristic} was not checked`,
          id: characteristic,
          found: 0,
          expected: `${sampleSize} of ${expectationOf(wanted)}`,
        },
      ];
    return found.values.length >= sampleSize
      ? []
      : [
          {
            code: 'sample-incomplete',
            message: `${characteristic} was checked ${found.values.length} of ${sampleSize} times`,
            id: characteristic,
            found: found.values.length,
            expected: `${sampleSize} of ${expectationOf(wanted)}`,
          },
        ];
  });

/** What failed, with what would have been good. */
export const failedOf = (plan: Plan, { findings }: Pick<Inspection, 'findings'>, code: string): Problem[] =>
  plan.characteristics.flatMap((wanted): Problem[] => {
    const found = findings.get(wanted.characteristic);
    return found?.result !== 'fail'
      ? []
      : [
          {
            code,
            message: `${wanted.characteristic} failed`,
            id: wanted.characteristic,
            found: found.values,
            expected: expectationOf(wanted),
          },
        ];
  });
