import {
  decided,
  StepAborted,
  StepCompleted,
  StepPaused,
  StepResumed,
  StepStarted,
  type DataOf,
  type TransformationKind,
  type TransformationStatement,
} from '#contracts';
import { instant, LotlineError, notFound, refused, type Problem } from '#kernel';
import type { Production, ProductionEvent, Run, Step } from './production.js';
import { ahead, reasonsAgainstWhole, sums, type Items } from './statement-rules.js';

interface OfStep {
  step: string;
  /** When it happened, and when it is said. */
  at: string;
  now: string;
}

export type StepCommand =
  | ({ type: 'start-step'; transformation: string; kind: TransformationKind } & OfStep)
  | ({ type: 'pause-step'; reason: string } & OfStep)
  | ({ type: 'resume-step' } & OfStep)
  | ({ type: 'complete-step'; items: Items } & OfStep)
  | ({ type: 'abort-step'; reason: string } & OfStep);

/** Why nothing can be done in the run any more. */
export const runEnded = (run: Run | undefined): Problem[] => {
  if (run?.completed)
    return [{ code: 'run-completed', message: `run ${run.started.run} is completed`, found: run.started.run }];
  if (run?.aborted)
    return [{ code: 'run-aborted', message: `run ${run.started.run} is aborted`, found: run.started.run }];
  return [];
};

/** Attempts at stock that have no outcome yet. */
export const openAttempts = ({ attempts }: Production, step?: string): Problem[] =>
  [...attempts].flatMap(([id, attempt]) =>
    attempt.state === 'open' && (step === undefined || attempt.step === step)
      ? [{ code: 'consumption-open', message: `${id} has asked for its stock`, found: id }]
      : [],
  );

/** What the records of a step say, each as it stands. */
export const recordsOf = ({ started }: Step, { transformations }: Production): TransformationStatement[] =>
  [...transformations.values()].flatMap(({ partOf, statement }) =>
    partOf === started.transformation && statement ? [statement] : [],
  );

/** What they say together. */
export const wholeOf = (step: Step, production: Production): TransformationStatement => {
  const statements = recordsOf(step, production);
  const losses = statements.flatMap((statement) => statement.losses ?? []);
  return {
    kind: step.started.kind,
    place: statements[0]?.place ?? '',
    inputs: statements.flatMap(({ inputs }) => inputs),
    outputs: statements.flatMap(({ outputs }) => outputs),
    ...(losses.length > 0 && { losses }),
  };
};

const EXPECTED: Readonly<Record<Step['status'], string>> = {
  running: 'a step that is running',
  paused: 'a step that is running: resume it first',
  completed: 'a step that is not ended',
  aborted: 'a step that is not ended',
};

const isStatus = ({ started: { step }, status }: Step): Problem => ({
  code: `step-${status}`,
  message: `step ${step} is ${status}`,
  found: status,
  expected: EXPECTED[status],
});

const before = (at: string, other: string): boolean => {
  const [one, two] = [instant(at), instant(other)];
  return one !== undefined && two !== undefined && one.key < two.key;
};

/** Why nothing can be recorded in the step at that time. */
export const closedFor = (step: Step, eventTime: string): Problem[] => [
  ...(step.status === 'running' ? [] : [isStatus(step)]),
  ...(before(eventTime, step.startedAt)
    ? [
        {
          code: 'before-step-start',
          message: `step ${step.started.step} had not started`,
          field: '/eventTime',
          found: eventTime,
          expected: `not before ${step.startedAt}`,
        },
      ]
    : []),
];

const changedLater = ({ changedAt }: { changedAt: string }, at: string): Problem[] =>
  before(at, changedAt)
    ? [
        {
          code: 'before-last-change',
          message: 'it lies before what was said last',
          field: '/eventTime',
          found: at,
          expected: `not before ${changedAt}`,
        },
      ]
    : [];

const MAY: Readonly<Record<Exclude<StepCommand['type'], 'start-step'>, readonly Step['status'][]>> = {
  'pause-step': ['running'],
  'resume-step': ['paused'],
  'complete-step': ['running'],
  'abort-step': ['running', 'paused'],
};

const NOT_PAUSED = { code: 'step-not-paused', found: 'running', expected: 'a step that is paused' };

/** @throws LotlineError `not-found`, `conflict`, `refused` with every reason. */
export const decideStep = (command: StepCommand, state: Production): ProductionEvent[] => {
  const { run } = state;
  if (!run) throw notFound('run-unknown', 'the run was not started');
  const step = state.steps.get(command.step);
  const reasons = [...runEnded(run), ...ahead({ eventTime: command.at, now: command.now })];
  const named = { run: run.started.run, step: command.step };
  if (command.type === 'start-step') return start(command, state, reasons, named);
  if (!step) throw notFound('step-unknown', `step ${command.step} of run ${run.started.run} was not started`);
  if (!MAY[command.type].includes(step.status))
    reasons.push(
      command.type === 'resume-step' && step.status === 'running'
        ? { ...NOT_PAUSED, message: `step ${command.step} is running` }
        : isStatus(step),
    );
  reasons.push(...changedLater(step, command.at));
  const whole = wholeOf(step, state);
  if (command.type === 'complete-step' || command.type === 'abort-step')
    reasons.push(...openAttempts(state, command.step));
  if (command.type === 'complete-step') reasons.push(...reasonsAgainstWhole(whole, command.items));
  refuseFor(reasons);
  switch (command.type) {
    case 'pause-step':
      return [decided(StepPaused, command.at, { ...named, reason: command.reason })];
    case 'resume-step':
      return [decided(StepResumed, command.at, named)];
    case 'complete-step':
      return [
        decided(StepCompleted, command.at, { ...named, consumed: sums(whole.inputs), produced: sums(whole.outputs) }),
      ];
    case 'abort-step':
      return [decided(StepAborted, command.at, { ...named, reason: command.reason })];
  }
};

const refuseFor = (reasons: readonly Problem[]): void => {
  if (reasons.length > 0) throw refused('step-refused', 'the step cannot be changed so', reasons);
};

const start = (
  { at, transformation, kind, step }: Extract<StepCommand, { type: 'start-step' }>,
  { run, steps, transformations, attempts }: Production,
  reasons: Problem[],
  named: Pick<DataOf<typeof StepStarted>, 'run' | 'step'>,
): ProductionEvent[] => {
  const standing = steps.get(step);
  if (standing)
    reasons.push({
      code: 'step-started',
      message: `step ${step} was started already`,
      found: standing.status,
      expected: 'a step that was not started; name a repetition otherwise',
    });
  if (run) reasons.push(...changedLater({ changedAt: run.startedAt }, at));
  refuseFor(reasons);
  if (
    transformations.has(transformation) ||
    attempts.has(transformation) ||
    [...steps.values()].some((other) => other.started.transformation === transformation)
  )
    throw new LotlineError('conflict', 'transformation-exists', `${transformation} is in the run already`);
  return [decided(StepStarted, at, { ...named, transformation, kind })];
};
