import { BACKWARDS, END, type EventStoreDBClient, FORWARDS, START } from '@eventstore/db-client';
import type { RecordedEvent } from '#contracts';
import type { LogBatch } from '../port.js';
import type { Calls } from './calls.js';
import type { Names } from './names.js';
import { parsePosition, positionText } from './position.js';
import { drain } from './read-calls.js';
import { storedEvent } from './stored-event.js';

export const DEFAULT_BATCH = 1_000;

/** Records of one call: the log's own, claims of ids and what else lives on the server. */
const SCAN = 2_000;

interface Scan {
  events: RecordedEvent[];
  /** Everything up to here has been read. */
  position: string;
  done: boolean;
}

const scan = async (
  client: EventStoreDBClient,
  names: Names,
  after: string,
  max: number,
  upTo: string | undefined,
): Promise<Scan> => {
  const events: RecordedEvent[] = [];
  let position = after;
  let seen = 0;
  let full = max <= 0;
  await drain(
    client.readAll({
      direction: FORWARDS,
      fromPosition: parsePosition(after) ?? START,
      maxCount: SCAN,
      requiresLeader: true,
    }),
    ({ event }) => {
      if (!event) return 'more';
      seen += 1;
      const at = positionText(event.position);
      // The server begins with the record at the position, which is read already.
      if (at <= after) return 'more';
      full ||= (upTo !== undefined && at > upTo) || events.length >= max;
      if (full) return 'stop';
      const stream = names.toStream(event.streamId);
      if (stream !== undefined) events.push(storedEvent(event, stream).event);
      position = at;
      full = events.length >= max;
      return full ? 'stop' : 'more';
    },
  );
  return { events, position, done: full || seen < SCAN };
};

/**
 * Reads `$all` from the leader, where what is appended can be read at once. The client cannot have reads filtered by the
 * server, so that what is none of the log's is passed over here.
 */
export const readAll = async (
  { client, names, calls }: { client: EventStoreDBClient; names: Names; calls: Calls },
  { after = '', max = DEFAULT_BATCH, upTo }: { after?: string | undefined; max?: number; upTo?: string | undefined },
): Promise<LogBatch> => {
  parsePosition(after);
  parsePosition(upTo);
  const events: RecordedEvent[] = [];
  let position = after;
  for (;;) {
    const page = await calls.run(() => scan(client, names, position, max - events.length, upTo));
    events.push(...page.events);
    position = page.position;
    if (page.done) return { events, position };
  }
};

/** @returns position of the log's last event; '' where it is empty. */
export const readHead = async (client: EventStoreDBClient, names: Names, calls: Calls): Promise<string> => {
  for (let before: string | undefined; ;) {
    let head: string | undefined;
    let seen = 0;
    const from = before;
    await calls.run(async () => {
      seen = 0;
      await drain(
        client.readAll({
          direction: BACKWARDS,
          fromPosition: parsePosition(from) ?? END,
          maxCount: SCAN,
          requiresLeader: true,
        }),
        ({ event }) => {
          if (!event) return 'more';
          seen += 1;
          before = positionText(event.position);
          if (names.toStream(event.streamId) === undefined) return 'more';
          head = before;
          return 'stop';
        },
      );
    });
    if (head !== undefined) return head;
    if (seen < SCAN) return '';
  }
};
