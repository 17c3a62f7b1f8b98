import {
  decided,
  InspectionPlanDefined,
  InspectionPlanWithdrawn,
  type DataOf,
  type DecidedOf,
  type InspectionRecorded,
} from '#contracts';
import { canonicalJson, decimal, LotlineError, notFound, refused, type Decider, type Problem } from '#kernel';

export type Plan = DataOf<typeof InspectionPlanDefined>;
export type Characteristic = Plan['characteristics'][number];
/** One version of a plan. */
export type PlanRef = NonNullable<DataOf<typeof InspectionRecorded>['plan']>;
export type PlanEvent = DecidedOf<typeof InspectionPlanDefined> | DecidedOf<typeof InspectionPlanWithdrawn>;

export type PlanCommand = (
  | { type: 'define'; plan: Omit<Plan, 'version'> }
  | { type: 'withdraw'; item: string; supplier?: string | undefined; reason: string }
) & { now: string };

/** One plan of an item: every version there was, and whether the last of them holds. */
interface PlanHistory {
  versions: readonly Plan[];
  withdrawn: boolean;
}

/** All plans of one item, by supplier; '' is the item's own. */
export type Plans = ReadonlyMap<string, PlanHistory>;

export const NO_PLANS: Plans = new Map();

export const planStreamOf = (item: string): string => `inspection-plans-${item}`;

const isSame = (plan: Plan, { characteristics, quarantine }: Omit<Plan, 'version'>): boolean =>
  canonicalJson({ c: plan.characteristics, q: plan.quarantine }) ===
  canonicalJson({ c: characteristics, q: quarantine });

const reasonsAgainst = (plan: Omit<Plan, 'version'>): Problem[] => {
  const reasons: Problem[] = [];
  const seen = new Set<string>();
  plan.characteristics.forEach(({ characteristic, lower, upper, expected, unit }, index) => {
    const add = (code: string, message: string, more: Partial<Problem> = {}): void => {
      reasons.push({ code, message, index, field: `/characteristics/${index}`, ...more });
    };
    if (seen.has(characteristic))
      add('characteristic-listed-twice', `${characteristic} is listed twice`, { found: characteristic });
    seen.add(characteristic);
    const isMeasured = lower !== undefined || upper !== undefined;
    if (isMeasured && expected !== undefined)
      add('limits-or-expected', `${characteristic} has limits and an expected finding`, {
        found: { lower, upper, expected },
        expected: 'lower and upper, or expected',
      });
    if (!isMeasured && expected === undefined)
      add('nothing-to-judge-by', `${characteristic} has neither a limit nor an expected finding`, {
        expected: 'lower, upper or expected',
      });
    if (unit !== undefined && expected !== undefined)
      add('unit-without-limits', `${characteristic} is not measured and has a unit`, {
        found: unit,
        expected: 'no unit',
      });
    if (lower !== undefined && upper !== undefined && decimal(lower).gt(decimal(upper)))
      add('limits-contradict', `the lower limit of ${characteristic} is above the upper one`, {
        found: { lower, upper },
        expected: 'lower at most upper',
      });
  });
  return reasons;
};

const decide = (command: PlanCommand, plans: Plans): PlanEvent[] => {
  const { now } = command;
  if (command.type === 'withdraw') {
    const { item, supplier, reason } = command;
    const before = plans.get(supplier ?? '');
    if (before === undefined) throw notFound('plan-unknown', `there is no such inspection plan of ${item}`);
    return before.withdrawn
      ? []
      : [decided(InspectionPlanWithdrawn, now, { item, ...(supplier !== undefined && { supplier }), reason })];
  }
  const { plan } = command;
  const before = plans.get(plan.supplier ?? '');
  const last = before?.versions.at(-1);
  if (before?.withdrawn === false && last !== undefined && isSame(last, plan)) return [];
  const reasons = reasonsAgainst(plan);
  if (reasons.length > 0) throw refused('plan-refused', 'lots cannot be inspected like this', reasons);
  return [decided(InspectionPlanDefined, now, { ...plan, version: (last?.version ?? 0) + 1 })];
};

const evolve = (plans: Plans, event: PlanEvent): Plans => {
  const of = event.data.supplier ?? '';
  const before = plans.get(of);
  return new Map(plans).set(
    of,
    event.type === 'InspectionPlanDefined'
      ? { versions: [...(before?.versions ?? []), event.data], withdrawn: false }
      : { versions: before?.versions ?? [], withdrawn: true },
  );
};

/** The plans of one item. */
export const planDecider: Decider<Plans, PlanCommand, PlanEvent> = { initialState: () => NO_PLANS, decide, evolve };

/** The plan that holds for goods from these suppliers: that of one of them (the first by id), else the item's own. */
export const planFor = (plans: Plans, suppliers: Iterable<string>): Plan | undefined => {
  for (const of of [...[...suppliers].sort(), '']) {
    const history = plans.get(of);
    const plan = history?.withdrawn === false ? history.versions.at(-1) : undefined;
    if (plan !== undefined) return plan;
  }
  return undefined;
};

export const refOf = ({ item, supplier, version }: Plan): PlanRef => ({
  item,
  ...(supplier !== undefined && { supplier }),
  version,
});

/** The very version an inspection began with. @throws Error where the plans are not those of its item: a defect. */
export const planAt = (plans: Plans, { item, supplier, version }: PlanRef): Plan => {
  const plan = plans.get(supplier ?? '')?.versions.find((each) => each.version === version);
  if (plan === undefined)
    throw new LotlineError('unavailable', 'plan-not-read', `plan ${version} of ${item} was not read`);
  return plan;
};
