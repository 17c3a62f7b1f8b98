import {
  CorrectiveActionDone,
  CorrectiveActionSet,
  decided,
  NonconformanceCauseFound,
  NonconformanceClosed,
  NonconformanceOpened,
  NonconformanceReopened,
  type DataOf,
  type DecidedOf,
} from '#contracts';
import { calendarDay, canonicalJson, LotlineError, notFound, refused, type Decider, type Problem } from '#kernel';

export type Opening = DataOf<typeof NonconformanceOpened>;

export type NonconformanceEvent =
  | DecidedOf<typeof NonconformanceOpened>
  | DecidedOf<typeof NonconformanceCauseFound>
  | DecidedOf<typeof CorrectiveActionSet>
  | DecidedOf<typeof CorrectiveActionDone>
  | DecidedOf<typeof NonconformanceClosed>
  | DecidedOf<typeof NonconformanceReopened>;

/** What is to be done so that it does not happen again. */
export interface CorrectiveAction {
  action: string;
  owner: string;
  due: string;
  /** What came of it, once it is done. */
  result?: string;
}

export interface Nonconformance {
  opening: Opening;
  openedAt: string;
  status: 'open' | 'closed';
  cause?: string;
  action?: CorrectiveAction;
  conclusion?: string;
}

/** Null before it is opened. */
export type NonconformanceState = Nonconformance | null;

/** What may be asked for. */
export type NonconformanceRequest =
  | { type: 'open'; opening: Opening }
  | { type: 'find-cause'; id: string; cause: string }
  | { type: 'set-action'; id: string; action: string; owner: string; due: string }
  | { type: 'finish-action'; id: string; result: string }
  | { type: 'close'; id: string; conclusion: string }
  | { type: 'reopen'; id: string; reason: string };

export type NonconformanceCommand = NonconformanceRequest & { now: string };

export const nonconformanceStream = (id: string): string => `nonconformance-${id}`;

const open = (opening: Opening, now: string, state: NonconformanceState): NonconformanceEvent[] => {
  if (state === null) return [decided(NonconformanceOpened, now, opening)];
  if (canonicalJson(state.opening) === canonicalJson(opening)) return [];
  throw new LotlineError(
    'conflict',
    'nonconformance-exists',
    `nonconformance ${opening.nonconformance} was opened with other content`,
  );
};

/** Every reason against closing: a minor one needs no action, but one that was set has to be done. */
const againstClosing = ({ opening, cause, action }: Nonconformance): Problem[] => {
  const reasons: Problem[] = [];
  if (cause === undefined)
    reasons.push({ code: 'cause-missing', message: 'nobody said what the cause is', expected: 'a cause' });
  if (action === undefined && opening.severity !== 'minor')
    reasons.push({
      code: 'action-missing',
      message: `a ${opening.severity} nonconformance needs a corrective action`,
      found: opening.severity,
      expected: 'a corrective action that is done',
    });
  if (action !== undefined && action.result === undefined)
    reasons.push({
      code: 'action-not-done',
      message: `the corrective action of ${action.owner} is not done`,
      found: action.action,
      expected: 'what came of it',
    });
  return reasons;
};

const decide = (command: NonconformanceCommand, state: NonconformanceState): NonconformanceEvent[] => {
  const { now } = command;
  if (command.type === 'open') return open(command.opening, now, state);
  const { id: nonconformance } = command;
  if (state === null) throw notFound('nonconformance-unknown', `there is no nonconformance ${nonconformance}`);
  const refuse = (reasons: readonly Problem[]): LotlineError =>
    refused('nonconformance-refused', `nonconformance ${nonconformance} cannot be changed like this`, reasons);
  const isOpen = state.status === 'open';
  if (command.type === 'reopen')
    return isOpen ? [] : [decided(NonconformanceReopened, now, { nonconformance, reason: command.reason })];
  if (command.type === 'close' && !isOpen) return [];
  if (!isOpen)
    throw refuse([
      { code: 'nonconformance-closed', message: 'it is closed', id: nonconformance, expected: 'reopen it first' },
    ]);
  switch (command.type) {
    case 'find-cause':
      return state.cause === command.cause
        ? []
        : [decided(NonconformanceCauseFound, now, { nonconformance, cause: command.cause })];
    case 'set-action': {
      const { action, owner, due } = command;
      const before = state.action;
      if (before?.action === action && before.owner === owner && before.due === due) return [];
      const today = now.slice(0, 10);
      if ((calendarDay(due) ?? '') < today)
        throw refuse([
          { code: 'due-in-the-past', message: 'it is due before today', found: due, expected: `${today} or later` },
        ]);
      return [decided(CorrectiveActionSet, now, { nonconformance, action, owner, due })];
    }
    case 'finish-action':
      if (state.action === undefined)
        throw refuse([
          { code: 'action-missing', message: 'there is no corrective action', expected: 'set a corrective action' },
        ]);
      return state.action.result === command.result
        ? []
        : [decided(CorrectiveActionDone, now, { nonconformance, result: command.result })];
    case 'close': {
      const reasons = againstClosing(state);
      if (reasons.length > 0) throw refuse(reasons);
      return [decided(NonconformanceClosed, now, { nonconformance, conclusion: command.conclusion })];
    }
  }
};

const evolve = (state: NonconformanceState, event: NonconformanceEvent): NonconformanceState => {
  if (event.type === 'NonconformanceOpened')
    return state ?? { opening: event.data, openedAt: event.eventTime, status: 'open' };
  if (state === null) return null;
  switch (event.type) {
    case 'NonconformanceCauseFound':
      return { ...state, cause: event.data.cause };
    case 'CorrectiveActionSet': {
      const { action, owner, due } = event.data;
      return { ...state, action: { action, owner, due } };
    }
    case 'CorrectiveActionDone':
      return state.action === undefined ? state : { ...state, action: { ...state.action, result: event.data.result } };
    case 'NonconformanceClosed':
      return { ...state, status: 'closed', conclusion: event.data.conclusion };
    case 'NonconformanceReopened': {
      const { conclusion: _, ...rest } = state;
      return { ...rest, status: 'open' };
    }
  }
};

export const nonconformanceDecider: Decider<NonconformanceState, NonconformanceCommand, NonconformanceEvent> = {
  initialState: () => null,
  decide,
  evolve,
};
