import type { DataOf, RunStarted, TransformationKind } from '#contracts';
import type { EventLog } from '#event-log';
import { canonicalId, type Amount, type Problem } from '#kernel';
import { balanceOf, deviations, netFlow, type Balance, type Flow } from '../../domain/balance.js';
import type { Production, Run, Step, Transformation } from '../../domain/production.js';
import type { Items } from '../../domain/statement-rules.js';
import { wholeOf } from '../../domain/steps.js';
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

/** The items of what a run consumed and produced, as they are defined now. */
export const itemsOfRun = (log: EventLog, { transformations }: Production): Promise<Items> =>
  readItems(
    log,
    [...transformations.values()].flatMap(({ statement }) =>
      statement ? [...statement.inputs, ...statement.outputs].flatMap(({ lot }) => canonicalId(lot).item ?? []) : [],
    ),
  );

export const stepAnswer = (step: Step, production: Production, items: Items): StepAnswer => {
  const { step: name, kind, transformation } = step.started;
  const expected = production.run?.started.recipe?.steps.find((one) => one.step === name);
  const { inputs, outputs, losses = [] } = wholeOf(step, production);
  const flow: Flow = { inputs, outputs, losses };
  const balance = balanceOf(flow, expected?.yields ?? [], items);
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
    balance,
    deviations: deviations(flow, balance, expected),
  };
};

export const runAnswer = (run: Run, production: Production, items: Items): RunAnswer => {
  const { transformations, steps } = production;
  const { started, startedAt, completed, completedAt, aborted } = run;
  const flow = netFlow([...transformations.values()].flatMap(({ statement }) => statement ?? []));
  const balance = balanceOf(flow, started.recipe?.yields ?? [], items);
  return {
    ...started,
    status: aborted ? 'aborted' : completed ? 'completed' : 'started',
    startedAt,
    ...(completed && { consumed: completed.consumed, produced: completed.produced }),
    ...(completedAt !== undefined && { completedAt }),
    ...(aborted && { abortedAt: aborted.at, reason: aborted.reason }),
    steps: [...steps.values()].map((step) => stepAnswer(step, production, items)),
    balance,
    deviations: deviations(flow, balance),
    transformations: [...transformations.values()],
  };
};
