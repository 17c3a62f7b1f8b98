import type {
  ConsumptionAbandoned,
  ConsumptionBegun,
  ConsumptionReturned,
  DataOf,
  DecidedOf,
  RunCompleted,
  RunStarted,
  TransformationCorrected,
  TransformationRecorded,
  TransformationStatement,
} from '#contracts';

export type ProductionEvent = (
  | DecidedOf<typeof RunStarted>
  | DecidedOf<typeof RunCompleted>
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
}

export interface Transformation {
  transformation: string;
  act: string;
  step?: string;
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
  /** `returning`: what it was issued is still to be taken out of the stock book. */
  state: 'open' | 'recorded' | 'returning' | 'ended';
}

/** A run with its transformations, or one transformation outside of any run. */
export interface Production {
  run?: Run;
  transformations: ReadonlyMap<string, Transformation>;
  attempts: ReadonlyMap<string, Attempt>;
}

export const nothingYet = (): Production => ({ transformations: new Map(), attempts: new Map() });

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
    case 'ConsumptionBegun': {
      const { transformation, attempt, statement } = event.data;
      const begun: Attempt = { attempt, statement, eventTime: event.eventTime, state: 'open' };
      return { ...state, attempts: set(state.attempts, transformation, begun) };
    }
    case 'ConsumptionAbandoned':
      return moved(state, event.data, event.data.issued ? 'returning' : 'ended');
    case 'ConsumptionReturned':
      return moved(state, event.data, 'ended');
    case 'TransformationRecorded': {
      const { transformation, act, step, statement } = event.data;
      const recorded: Transformation = {
        transformation,
        act,
        statement,
        eventTime: event.eventTime,
        eventId: event.id ?? '',
        corrections: [],
        ...(step !== undefined && { step }),
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
