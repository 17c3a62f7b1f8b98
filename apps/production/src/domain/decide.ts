import {
  ConsumptionAbandoned,
  ConsumptionBegun,
  ConsumptionReturned,
  decided,
  RunAborted,
  RunCompleted,
  RunStarted,
  TransformationCorrected,
  TransformationRecorded,
  type DataOf,
  type TransformationStatement,
} from '#contracts';
import { canonicalJson, LotlineError, notFound, refused, type Decider, type Problem } from '#kernel';
import {
  evolve,
  isOpen,
  nothingYet,
  type Attempt,
  type Production,
  type ProductionEvent,
  type Step,
  type Transformation,
} from './production.js';
import { ahead, reasonsAgainst, reasonsAgainstPart, reasonsAgainstWhole, sums, type Items } from './statement-rules.js';
import { closedFor, decideStep, openAttempts, runEnded, wholeOf, type StepCommand } from './steps.js';
import { actOf } from './transformation-id.js';

interface Named {
  transformation: string;
  run?: string | undefined;
}
interface Stated extends Named {
  /** Of the run. Where it was started as one, the transformation becomes part of it. */
  step?: string | undefined;
  statement: TransformationStatement;
  /** When it happened. */
  eventTime: string;
  now: string;
  items: Items;
}

export type ProductionCommand =
  | { type: 'start'; run: DataOf<typeof RunStarted>; at: string }
  | { type: 'complete'; at: string }
  | { type: 'abort'; reason: string; at: string; now: string }
  | StepCommand
  /** Asks whether the transformation may be recorded and takes an attempt at its stock. */
  | ({ type: 'begin' } & Stated)
  /** Records it, once its stock is issued under this attempt; without inputs there is no attempt. */
  | ({ type: 'record'; attempt?: number } & Stated)
  /** Fences an attempt off; `issued` where it may have been given stock. */
  | ({ type: 'abandon'; attempt: number; reason: string; issued: boolean; now: string } & Named)
  | ({ type: 'return'; attempt: number; now: string } & Named)
  | ({
      type: 'correct';
      reason: string;
      statement?: TransformationStatement;
      eventTime?: string;
      now: string;
      items: Items;
    } & Named);

type CommandOf<T extends ProductionCommand['type']> = Extract<ProductionCommand, { type: T }>;

const isSame = (a: unknown, b: unknown): boolean => canonicalJson(a) === canonicalJson(b);

export const productionDecider: Decider<Production, ProductionCommand, ProductionEvent> = {
  initialState: nothingYet,
  evolve,
  decide: (command, state) => {
    switch (command.type) {
      case 'start':
        return start(command, state);
      case 'complete':
        return complete(command, state);
      case 'abort':
        return abort(command, state);
      case 'start-step':
      case 'pause-step':
      case 'resume-step':
      case 'complete-step':
      case 'abort-step':
        return decideStep(command, state);
      case 'begin':
        return begin(command, state);
      case 'record':
        return record(command, state);
      case 'abandon':
        return abandon(command, state);
      case 'return':
        return giveBack(command, state);
      case 'correct':
        return correct(command, state);
    }
  },
};

const start = ({ run, at }: CommandOf<'start'>, state: Production): ProductionEvent[] => {
  if (!state.run) return [decided(RunStarted, at, run)];
  // The recipe is what it was when the run was started, and may have changed since.
  const { recipe: _then, ...before } = state.run.started;
  const { recipe: _now, ...again } = run;
  if (isSame(before, again)) return [];
  throw new LotlineError('conflict', 'run-exists', `run ${run.run} was started already, and differently`);
};

const complete = ({ at }: CommandOf<'complete'>, state: Production): ProductionEvent[] => {
  if (!state.run) throw notFound('run-unknown', 'the run was not started');
  if (state.run.completed) return [];
  const reasons = [...runEnded(state.run), ...openAttempts(state), ...openSteps(state)];
  if (reasons.length > 0) throw refused('run-busy', 'the run is not at its end', reasons);
  const statements = [...state.transformations.values()].flatMap((t) => (t.statement ? [t.statement] : []));
  return [
    decided(RunCompleted, at, {
      run: state.run.started.run,
      consumed: sums(statements.flatMap((statement) => statement.inputs)),
      produced: sums(statements.flatMap((statement) => statement.outputs)),
    }),
  ];
};

const openSteps = ({ steps }: Production): Problem[] =>
  [...steps].flatMap(([name, step]) =>
    isOpen(step)
      ? [
          {
            code: 'step-open',
            message: `step ${name} is ${step.status}`,
            found: name,
            expected: 'every step completed or aborted',
          },
        ]
      : [],
  );

const abort = ({ reason, at, now }: CommandOf<'abort'>, state: Production): ProductionEvent[] => {
  if (!state.run) throw notFound('run-unknown', 'the run was not started');
  if (state.run.aborted) return [];
  const reasons = [...runEnded(state.run), ...openAttempts(state), ...ahead({ eventTime: at, now })];
  if (reasons.length > 0) throw refused('run-busy', 'the run cannot be given up', reasons);
  return [decided(RunAborted, at, { run: state.run.started.run, reason })];
};

/** Why this cannot be recorded now, besides stock; nothing where it stands recorded exactly so. */
const mayBeRecorded = (command: Stated, state: Production): 'recorded' | 'may' => {
  const { transformation, run, statement, eventTime } = command;
  if (run !== undefined && !state.run) throw notFound('run-unknown', `run ${run} was not started`);
  const before = state.transformations.get(transformation);
  if (before) {
    const again = isSame(before.statement, statement) && before.eventTime === eventTime && before.step === command.step;
    if (again) return 'recorded';
    throw new LotlineError(
      'conflict',
      'transformation-exists',
      `${transformation} was recorded already, and differently; correct it instead`,
    );
  }
  const step = stepNamed(command, state);
  const reasons: Problem[] = [
    ...runEnded(state.run),
    ...(step
      ? [...closedFor(step, eventTime), ...reasonsAgainstPart(statement, wholeOf(step, state), command)]
      : reasonsAgainst(statement, command)),
  ];
  if (reasons.length > 0) throw refused('transformation-refused', 'the transformation cannot be recorded', reasons);
  return 'may';
};

const stepNamed = ({ step }: Stated, { steps }: Production): Step | undefined =>
  step === undefined ? undefined : steps.get(step);

export const isSameAttempt = (
  attempt: Attempt,
  { statement, eventTime, step }: Pick<Stated, 'statement' | 'eventTime' | 'step'>,
): boolean => isSame(attempt.statement, statement) && attempt.eventTime === eventTime && attempt.step === step;

const begin = (command: CommandOf<'begin'>, state: Production): ProductionEvent[] => {
  if (mayBeRecorded(command, state) === 'recorded') return [];
  const { transformation, run, step, statement, eventTime } = command;
  const before = state.attempts.get(transformation);
  if (before && before.state !== 'ended') {
    // The same request at the same time, or again after its answer was lost, goes on with the attempt that stands.
    if (before.state === 'open' && isSameAttempt(before, command)) return [];
    throw new LotlineError('conflict', 'attempt-open', `${transformation} is being recorded otherwise at this moment`);
  }
  return [
    decided(ConsumptionBegun, eventTime, {
      ...attemptOf(transformation, run, (before?.attempt ?? 0) + 1),
      ...(step !== undefined && { step }),
      statement,
    }),
  ];
};

const record = (command: CommandOf<'record'>, state: Production): ProductionEvent[] => {
  if (mayBeRecorded(command, state) === 'recorded') return [];
  const { transformation, run, step, statement, eventTime, attempt } = command;
  const current = state.attempts.get(transformation);
  if (attempt !== undefined && (current?.attempt !== attempt || current.state !== 'open'))
    throw new LotlineError('conflict', 'attempt-superseded', `${transformation} was tried again or given up meanwhile`);
  return [
    decided(TransformationRecorded, eventTime, {
      transformation,
      act: actOf(transformation),
      ...(run !== undefined && { run }),
      ...(step !== undefined && { step }),
      ...partOf(stepNamed(command, state)?.started.transformation),
      statement,
    }),
  ];
};

const abandon = (command: CommandOf<'abandon'>, state: Production): ProductionEvent[] => {
  const { transformation, run, attempt, reason, issued, now } = command;
  const current = state.attempts.get(transformation);
  if (current?.attempt !== attempt || current.state !== 'open') return [];
  return [decided(ConsumptionAbandoned, now, { ...attemptOf(transformation, run, attempt), reason, issued })];
};

const giveBack = (command: CommandOf<'return'>, state: Production): ProductionEvent[] => {
  const { transformation, run, attempt, now } = command;
  const current = state.attempts.get(transformation);
  if (current?.attempt !== attempt || current.state !== 'returning') return [];
  return [decided(ConsumptionReturned, now, attemptOf(transformation, run, attempt))];
};

const attemptOf = (transformation: string, run: string | undefined, attempt: number) => ({
  transformation,
  act: actOf(transformation),
  ...(run !== undefined && { run }),
  attempt,
});

/** States what happened; stock and status do not matter, because it has happened. */
const correct = (command: CommandOf<'correct'>, state: Production): ProductionEvent[] => {
  const { transformation, run, reason, statement, now, items } = command;
  const before = state.transformations.get(transformation);
  if (!before) throw notFound('transformation-unknown', `${transformation} was not recorded`);
  const eventTime = command.eventTime ?? before.eventTime;
  if (isSame(before.statement, statement) && before.eventTime === eventTime) return [];
  const reasons =
    statement === undefined ? [] : reasonsAgainstCorrected(before, statement, state, { eventTime, now, items });
  if (reasons.length > 0) throw refused('correction-refused', 'the correction contradicts itself', reasons);
  const attempt = state.attempts.get(transformation);
  return [
    decided(TransformationCorrected, eventTime, {
      transformation,
      act: before.act,
      ...(run !== undefined && { run }),
      ...stepOf(before),
      ...partOf(before.partOf),
      reason,
      voids: before.eventId,
      ...(statement !== undefined && { statement }),
      ...(attempt?.state === 'recorded' && { attempt: attempt.attempt }),
    }),
  ];
};

/** Of a step, the other records count as they stand. */
const reasonsAgainstCorrected = (
  before: Transformation,
  statement: TransformationStatement,
  state: Production,
  context: { eventTime: string; now: string; items: Items },
): Problem[] => {
  const step = before.partOf === undefined ? undefined : state.steps.get(before.step ?? '');
  if (!step) return reasonsAgainst(statement, context);
  const others = new Map([...state.transformations].filter(([id]) => id !== before.transformation));
  const rest = wholeOf(step, { ...state, transformations: others });
  const reasons = reasonsAgainstPart(statement, rest, context);
  if (step.status !== 'completed') return reasons;
  // What was checked when the step ended has to hold afterwards.
  const whole = {
    ...rest,
    inputs: [...rest.inputs, ...statement.inputs],
    outputs: [...rest.outputs, ...statement.outputs],
    losses: [...(rest.losses ?? []), ...(statement.losses ?? [])],
  };
  return [...reasons, ...reasonsAgainstWhole(whole, context.items)];
};

const partOf = (transformation: string | undefined): { partOf?: string } =>
  transformation === undefined ? {} : { partOf: transformation };

const stepOf = ({ step }: Transformation): { step?: string } => (step === undefined ? {} : { step });
