import type { Problem } from '#kernel';
import { type Decision, type Inspection, missingOf } from '../../domain/inspection/inspection.js';
import type { Verdict } from '../../domain/inspection/judge.js';
import { type Characteristic, type Plan, planAt, type PlanRef, type Plans } from '../../domain/inspection/plan.js';

export interface ResultView extends Characteristic {
  /** Null where nobody checked it yet. */
  result: Verdict | null;
  values: readonly string[];
}

export interface InspectionView {
  inspection: string;
  plan: PlanRef;
  /** Over all characteristics: one failed, all passed, or not all is checked. */
  result: Verdict;
  results: ResultView[];
  /** What the plan wants still. */
  missing: readonly Problem[];
  decision: Decision | null;
}

const resultOf = (plan: Plan, { findings }: Inspection): Verdict => {
  const results = plan.characteristics.map(({ characteristic }) => findings.get(characteristic)?.result);
  if (results.includes('fail')) return 'fail';
  return results.every((result) => result === 'pass') ? 'pass' : 'inconclusive';
};

/** One inspection against the version of the plan it began with. */
export const inspectionView = (id: string, inspection: Inspection, plans: Plans): InspectionView => {
  const plan = planAt(plans, inspection.plan);
  return {
    inspection: id,
    plan: inspection.plan,
    result: resultOf(plan, inspection),
    results: plan.characteristics.map((characteristic) => {
      const found = inspection.findings.get(characteristic.characteristic);
      return { ...characteristic, result: found?.result ?? null, values: found?.values ?? [] };
    }),
    missing: missingOf(plan, inspection),
    decision: inspection.decision ?? null,
  };
};
