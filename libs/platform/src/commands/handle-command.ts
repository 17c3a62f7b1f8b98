import type { DecidedEvent, NewEvent, RecordedEvent } from '#contracts';
import type { AppendResult, EventLog } from '#event-log';
import { LotlineError, uuidFromName, type Decider } from '#kernel';
import { answerPosition } from '../request/request-context.js';
import { commandContext, eventMeta, type CommandContext } from './command-context.js';

export interface CommandHandling<State, Command, Event extends DecidedEvent> {
  log: EventLog;
  stream: string;
  decider: Decider<State, Command, Event>;
  /** A function where the command holds what must be read anew when a conflict is retried (e.g. known stock). */
  command: Command | (() => Promise<Command>);
  /** `lotline/<app>` */
  source: string;
  /** Default: the command of the HTTP request being handled. */
  context?: CommandContext;
  /** From If-Match: decided at exactly this revision, never retried. */
  expected?: number | 'no-stream' | undefined;
  /** Tells apart several steps of one command on the same stream. */
  step?: string;
  /** Decisions at most under conflicts with other writers; default 20. */
  maxAttempts?: number;
}

export interface Handled<State> {
  state: State;
  /** Revision of the stream after the command; -1 where it is empty still. */
  revision: number;
  /** Position of the last event of the command; undefined where nothing had to be recorded. */
  position: string | undefined;
  events: readonly NewEvent[];
  /** The command had been carried out before (a retry): nothing was appended now. */
  duplicate: boolean;
}

/**
 * Reads the stream, folds it, decides, appends at the revision read; decides again when another writer was faster.
 * Event ids derive from the command, so a command carried out before (the answer was lost, the process died) finds its
 * own events in the stream and gives the first result instead of deciding twice.
 * @throws LotlineError `precondition` (revision-conflict) where `expected` does not hold, `unavailable`
 *   (too-many-conflicts) where other writers won every time, and whatever `decide` refuses with.
 */
export const handleCommand = async <State, Command, Event extends DecidedEvent>(
  handling: CommandHandling<State, Command, Event>,
): Promise<Handled<State>> => {
  const { log, stream, decider, source, expected, maxAttempts = 20 } = handling;
  const context = handling.context ?? commandContext();
  const idOf = (index: number): string =>
    uuidFromName(`command:${context.eventSeed}:${stream}:${handling.step ?? ''}:${index}`);
  const fold = (state: State, events: readonly DecidedEvent[]): State =>
    // A stream holds the events of its decider only; evolve leaves alone what it does not know.
    (events as readonly Event[]).reduce(decider.evolve, state);

  for (let attempt = 1; ; attempt++) {
    const history = await log.readStream(stream);
    const revision = history.at(-1)?.revision ?? -1;
    const before = ownEvents(history, idOf);
    const state = fold(decider.initialState(), history);
    if (before.length > 0) {
      const position = before.at(-1)?.position;
      if (position !== undefined) answerPosition(position);
      return { state, revision, position, events: before, duplicate: true };
    }
    if (expected !== undefined && revision !== (expected === 'no-stream' ? -1 : expected))
      throw revisionConflict(stream, expected, revision);

    const command =
      typeof handling.command === 'function' ? await (handling.command as () => Promise<Command>)() : handling.command;
    const events: NewEvent[] = decider
      .decide(command, state)
      .map((event, index) => ({ ...event, id: idOf(index), meta: eventMeta(context, source) }));
    if (events.length === 0) {
      // It is so already: whoever reads at the answer's position sees that it is.
      const last = history.at(-1);
      if (last) answerPosition(last.position);
      return { state, revision, position: undefined, events, duplicate: false };
    }

    const [result] = await log.append([{ stream, expected: revision < 0 ? 'no-stream' : revision, events }]);
    if (result?.ok) {
      const last = result.recorded.at(-1);
      return {
        state: fold(state, events),
        revision: last?.revision ?? revision,
        position: last?.position,
        events,
        duplicate: result.recorded.every((r) => r.duplicate),
      };
    }
    refuseUnlessRetryable(result, stream, expected);
    if (attempt >= maxAttempts)
      throw new LotlineError(
        'unavailable',
        'too-many-conflicts',
        `${stream} changed during each of ${attempt} attempts`,
      );
  }
};

const ownEvents = (history: readonly RecordedEvent[], idOf: (index: number) => string): RecordedEvent[] => {
  const start = history.findIndex((event) => event.id === idOf(0));
  if (start < 0) return [];
  const own = history.slice(start);
  const end = own.findIndex((event, index) => event.id !== idOf(index));
  return end < 0 ? own : own.slice(0, end);
};

const refuseUnlessRetryable = (
  result: AppendResult | undefined,
  stream: string,
  expected: number | 'no-stream' | undefined,
): void => {
  if (result?.ok !== false) throw new Error('the log gave no result for an append');
  if (result.reason === 'id-conflict')
    // The same command was decided at the same time elsewhere: the next round finds its events in the stream.
    return;
  if (expected !== undefined)
    throw revisionConflict(stream, expected, result.actual === 'no-stream' ? -1 : result.actual);
};

/** What a command is refused with that was meant for another revision of the stream; `actual` is -1 where there is none. */
export const revisionConflict = (stream: string, expected: number | 'no-stream', actual: number): LotlineError =>
  new LotlineError(
    'precondition',
    'revision-conflict',
    `${stream} is at revision ${actual < 0 ? 'none' : actual}, not at ${expected === 'no-stream' ? 'none' : expected}`,
    [],
    { revision: actual },
  );
