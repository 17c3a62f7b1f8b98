import type {
  ConsumptionAbandoned,
  ConsumptionBegun,
  ConsumptionReturned,
  DataOf,
  DecidedOf,
  RunAborted,
  RunCompleted,
  RunStarted,
  StepAborted,
  StepCompleted,
  StepPaused,
  StepResumed,
  StepStarted,
  TransformationCorrected,
  TransformationRecorded,
  TransformationStatement,
} from '#contracts';

export type ProductionEvent = (
  | DecidedOf<typeof RunStarted>
  | DecidedOf<typeof RunCompleted>
  | DecidedOf<typeof RunAborted>
  | DecidedOf<typeof StepStarted>
  | DecidedOf<typeof StepPaused>
  | DecidedOf<typeof StepResumed>
  | DecidedOf<typeof StepCompleted>
  | DecidedOf<typeof StepAborted>
  | DecidedOf<typeof ConsumptionBegun>
  | DecidedOf<typeof ConsumptionAbandoned>
  | DecidedOf<typeof ConsumptionReturned>
  | DecidedOf<typeof TransformationRecorded>
  | DecidedOf<typeof TransformationCorrected>
) & {
  /** Of the recorded event; a correction names what it voids by it. */
  id?: string;
};

export interface Run {
  started: DataOf<typeof RunStarted>;
  startedAt: string;
  completed?: DataOf<typeof RunCompleted>;
  completedAt?: string;
  aborted?: { reason: string; at: string };
}

/** A step of a run that was started as one; whatever is recorded in it is one transformation. */
export interface Step {
  started: DataOf<typeof StepStarted>;
  startedAt: string;
  status: 'running' | 'paused' | 'completed' | 'aborted';
  /** When it came to be so. */
  changedAt: string;
  /** Why it is paused or aborted. */
  reason?: string;
}

export interface Transformation {
  transformation: string;
  act: string;
  step?: string;
  /** The transformation of the step that this is one record of. */
  partOf?: string;
  /** Absent where a correction said that it did not happen. */
  statement?: TransformationStatement;
  eventTime: string;
  /** The event that says so now. */
  eventId: string;
  corrections: { reason: string; voids: string }[];
}

/** Stock being asked for. */
export interface Attempt {
  attempt: number;
  statement: TransformationStatement;
  /** When it happened, as stated. */
  eventTime: string;
  step?: string;
  /** `returning`: what it was issued is still to be taken out of the stock book. */
  state: 'open' | 'recorded' | 'returning' | 'ended';
}

/** A run with its transformations, or one transformation outside of any run. */
export interface Production {
  run?: Run;
  steps: ReadonlyMap<string, Step>;
  transformations: ReadonlyMap<string, Transformation>;
  attempts: ReadonlyMap<string, Attempt>;
}

export const nothingYet = (): Production => ({
  steps: new Map(),
  transformations: new Map(),
  attempts: new Map(),
});

const set = <V>(map: ReadonlyMap<string, V>, key: string, value: V): ReadonlyMap<string, V> =>
  new Map(map).set(key, value);

export const evolve = (state: Production, event: ProductionEvent): Production => {
  switch (event.type) {
    case 'RunStarted':
      return { ...state, run: { started: event.data, startedAt: event.eventTime } };
    case 'RunCompleted':
      return state.run
        ? { ...state, run: { ...state.run, completed: event.data, completedAt: event.eventTime } }
        : state;
    case 'RunAborted': {
      const { run } = state;
      if (!run) return state;
      const { reason } = event.data;
      const end = { status: 'aborted', changedAt: event.eventTime, reason } as const;
      return {
        ...state,
        run: { ...run, aborted: { reason, at: event.eventTime } },
        steps: new Map([...state.steps].map(([name, step]) => [name, isOpen(step) ? { ...step, ...end } : step])),
      };
    }
    case 'StepStarted': {
      const { eventTime, data } = event;
      const step: Step = { started: data, startedAt: eventTime, status: 'running', changedAt: eventTime };
      return { ...state, steps: set(state.steps, data.step, step) };
    }
    case 'StepPaused':
      return stepped(state, event, 'paused', event.data.reason);
    case 'StepResumed':
      return stepped(state, event, 'running');
    case 'StepCompleted':
      return stepped(state, event, 'completed');
    case 'StepAborted':
      return stepped(state, event, 'aborted', event.data.reason);
    case 'ConsumptionBegun': {
      const { transformation, attempt, statement, step } = event.data;
      const begun: Attempt = {
        attempt,
        statement,
        eventTime: event.eventTime,
        ...(step !== undefined && { step }),
        state: 'open',
      };
      return { ...state, attempts: set(state.attempts, transformation, begun) };
    }
    case 'ConsumptionAbandoned':
      return moved(state, event.data, event.data.issued ? 'returning' : 'ended');
    case 'ConsumptionReturned':
      return moved(state, event.data, 'ended');
    case 'TransformationRecorded': {
      const { transformation, act, step, partOf, statement } = event.data;
      const recorded: Transformation = {
        transformation,
        act,
        statement,
        eventTime: event.eventTime,
        eventId: event.id ?? '',
        corrections: [],
        ...(step !== undefined && { step }),
        ...(partOf !== undefined && { partOf }),
      };
      return {
        ...moved(state, { transformation }, 'recorded'),
        transformations: set(state.transformations, transformation, recorded),
      };
    }
    case 'TransformationCorrected': {
      const { transformation, reason, voids, statement, attempt } = event.data;
      const before = state.transformations.get(transformation);
      if (!before) return state;
      const { statement: _voided, ...kept } = before;
      const corrected: Transformation = {
        ...kept,
        ...(statement !== undefined && { statement }),
        eventTime: event.eventTime,
        eventId: event.id ?? '',
        corrections: [...before.corrections, { reason, voids }],
      };
      const moving = attempt === undefined ? state : moved(state, { transformation, attempt }, 'returning');
      return { ...moving, transformations: set(state.transformations, transformation, corrected) };
    }
  }
};

/** Neither completed nor aborted. */
export const isOpen = ({ status }: Step): boolean => status === 'running' || status === 'paused';

const stepped = (
  state: Production,
  { data, eventTime }: { data: { step: string }; eventTime: string },
  status: Step['status'],
  reason?: string,
): Production => {
  const before = state.steps.get(data.step);
  if (!before) return state;
  const { started, startedAt } = before;
  const step: Step = { started, startedAt, status, changedAt: eventTime, ...(reason !== undefined && { reason }) };
  return { ...state, steps: set(state.steps, data.step, step) };
};

/** @param of the attempt meant; the one that stands where it is not said. */
const moved = (
  state: Production,
  of: { transformation: string; attempt?: number },
  to: Attempt['state'],
): Production => {
  const before = state.attempts.get(of.transformation);
  if (!before || (of.attempt !== undefined && before.attempt !== of.attempt)) return state;
  return { ...state, attempts: set(state.attempts, of.transformation, { ...before, state: to }) };
};
