import type { DataOf, RunStarted, TransformationKind } from '#contracts';
import type { EventLog } from '#event-log';
import { canonicalId, type Amount, type Problem } from '#kernel';
import { balanceOf, deviations, type Balance } from '../../domain/balance.js';
import type { Production, Run, Step, Transformation } from '../../domain/production.js';
import { planOf, type StepPlan } from '../../domain/recipe-plan.js';
import type { Items } from '../../domain/statement-rules.js';
import { recordsOf } from '../../domain/steps.js';
import { readItems } from '../items/read-items.js';

/** A step with what its records come to; where that is not as the recipe expects, `deviations` says so. */
export interface StepAnswer {
  step: string;
  status: Step['status'];
  kind: TransformationKind;
  /** What all its records are one of. */
  transformation: string;
  startedAt: string;
  changedAt: string;
  reason?: string;
  records: string[];
  /** What the recipe expects, where the run says how much it is to make. */
  plan?: StepPlan;
  balance: Balance;
  deviations: Problem[];
}

export type RunAnswer = DataOf<typeof RunStarted> & {
  status: 'started' | 'completed' | 'aborted';
  startedAt: string;
  completedAt?: string;
  abortedAt?: string;
  reason?: string;
  consumed?: Amount[];
  produced?: Amount[];
  steps: StepAnswer[];
  /** What came from outside the run and what is left of it: lots that it made and used up itself count as their rest. */
  balance: Balance;
  deviations: Problem[];
  transformations: Transformation[];
};

/** The items of what a run consumed and produced and is to make, as they are defined now. */
export const itemsOfRun = (log: EventLog, { run, transformations }: Production): Promise<Items> =>
  readItems(log, [
    ...(run?.started.item === undefined ? [] : [run.started.item]),
    ...[...transformations.values()].flatMap(({ statement }) =>
      statement ? [...statement.inputs, ...statement.outputs].flatMap(({ lot }) => canonicalId(lot).item ?? []) : [],
    ),
  ]);

export const stepAnswer = (step: Step, production: Production, items: Items): StepAnswer => {
  const { step: name, kind, transformation } = step.started;
  const { recipe, planned, item } = production.run?.started ?? {};
  const expected = recipe?.steps.find((one) => one.step === name);
  const plan =
    recipe && expected && planned ? planOf(expected, recipe.makes, planned, items.get(item ?? '')) : undefined;
  const records = recordsOf(step, production);
  const balance = balanceOf(records, expected?.yields ?? [], items);
  return {
    step: name,
    status: step.status,
    kind,
    transformation,
    startedAt: step.startedAt,
    changedAt: step.changedAt,
    ...(step.reason !== undefined && { reason: step.reason }),
    records: [...production.transformations.values()].flatMap((record) =>
      record.partOf === transformation ? [record.transformation] : [],
    ),
    ...(plan && { plan }),
    balance,
    deviations: deviations(records, balance, expected, step.status === 'completed'),
  };
};

export const runAnswer = (run: Run, production: Production, items: Items): RunAnswer => {
  const { transformations, steps } = production;
  const { started, startedAt, completed, completedAt, aborted } = run;
  const statements = [...transformations.values()].flatMap(({ statement }) => statement ?? []);
  const balance = balanceOf(statements, started.recipe?.yields ?? [], items, 'run');
  return {
    ...started,
    status: aborted ? 'aborted' : completed ? 'completed' : 'started',
    startedAt,
    ...(completed && { consumed: completed.consumed, produced: completed.produced }),
    ...(completedAt !== undefined && { completedAt }),
    ...(aborted && { abortedAt: aborted.at, reason: aborted.reason }),
    steps: [...steps.values()].map((step) => stepAnswer(step, production, items)),
    balance,
    deviations: deviations(statements, balance),
    transformations: [...transformations.values()],
  };
};
