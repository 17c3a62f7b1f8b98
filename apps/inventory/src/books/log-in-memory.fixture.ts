import type { RecordedEvent } from '#contracts';
import type { Append, AppendResult, EventLog } from '#event-log';

/**
 * A log that keeps what the port promises and nothing more, for tests that decide what happens when: it does at once what it
 * is asked, and waits for its turn before it answers, so that anything may happen before the asker knows.
 */
export const createLogInMemory = (
  turn: (what: string) => Promise<void>,
): EventLog & { length: (stream: string) => number } => {
  const all: RecordedEvent[] = [];
  const streams = new Map<string, RecordedEvent[]>();
  const byId = new Map<string, RecordedEvent>();

  const recordedOf = (event: RecordedEvent, duplicate: boolean) => ({
    id: event.id,
    position: event.position,
    revision: event.revision,
    recordTime: event.recordTime,
    duplicate,
  });
  const appendOne = ({ stream, expected, events }: Append): AppendResult => {
    const known = events.flatMap(({ id }) => byId.get(id) ?? []);
    if (known.length === events.length) return { ok: true, recorded: known.map((event) => recordedOf(event, true)) };
    const before = streams.get(stream) ?? [];
    const actual = before.length === 0 ? ('no-stream' as const) : before.length - 1;
    if (expected !== 'any' && expected !== actual) return { ok: false, reason: 'revision', stream, expected, actual };
    const recorded = events.map((event, index): RecordedEvent => ({
      ...event,
      stream,
      revision: before.length + index,
      position: String(all.length + index + 1).padStart(16, '0'),
      recordTime: event.eventTime,
    }));
    streams.set(stream, [...before, ...recorded]);
    all.push(...recorded);
    for (const event of recorded) byId.set(event.id, event);
    return { ok: true, recorded: recorded.map((event) => recordedOf(event, false)) };
  };
  const inTurns = async <T>(what: string, work: () => T): Promise<T> => {
    const answer = work();
    await turn(what);
    return answer;
  };
  const unused = (): never => {
    throw new Error('no test of books needs this');
  };
  return {
    append: (appends) => inTurns('append', () => appends.map(appendOne)),
    readStream: (stream, { from, max = Infinity, backwards = false } = {}) =>
      inTurns('read', () => {
        const events = streams.get(stream) ?? [];
        const part = backwards
          ? events.filter(({ revision }) => from === undefined || revision <= from).reverse()
          : events.filter(({ revision }) => from === undefined || revision >= from);
        return part.slice(0, max);
      }),
    head: () => inTurns('head', () => all.at(-1)?.position ?? ''),
    compare: unused,
    readAll: unused,
    follow: unused,
    identity: unused,
    close: () => Promise.resolve(),
    /** How many events the stream has now, whoever was told of them. */
    length: (stream) => streams.get(stream)?.length ?? 0,
  };
};
