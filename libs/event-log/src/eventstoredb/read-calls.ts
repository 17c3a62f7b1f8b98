import {
  BACKWARDS,
  END,
  type EventStoreDBClient,
  FORWARDS,
  type ResolvedEvent,
  START,
  type StreamingRead,
} from '@eventstore/db-client';
import { exceptionOf } from './failure.js';
import type { Names } from './names.js';
import { storedEvent, type StoredEvent } from './stored-event.js';

/** Takes what a read gives until `take` says stop; nothing of the read is left behind. */
export const drain = async <T>(read: StreamingRead<T>, take: (item: T) => 'more' | 'stop'): Promise<void> => {
  // The client reports a lost connection also after the read has been left, when nobody listens any more.
  read.on('error', () => undefined);
  try {
    for await (const item of read) if (take(item) === 'stop') break;
  } finally {
    await read.cancel().catch(() => undefined);
  }
};

/**
 * One read of a stream, as it stands on the leader.
 * @param options.from first revision; backwards, the last, and undefined is the end.
 * @returns undefined where there is no such stream.
 */
const readNamed = async (
  client: EventStoreDBClient,
  name: string,
  options: { from?: number | undefined; max?: number | undefined; backwards?: boolean },
): Promise<ResolvedEvent[] | undefined> => {
  const { from, max, backwards = false } = options;
  if (max === 0) return [];
  const read: ResolvedEvent[] = [];
  try {
    await drain(
      client.readStream(name, {
        direction: backwards ? BACKWARDS : FORWARDS,
        fromRevision: from === undefined ? (backwards ? END : START) : BigInt(from),
        ...(max === undefined ? {} : { maxCount: max }),
        requiresLeader: true,
      }),
      (one) => {
        read.push(one);
        return 'more';
      },
    );
  } catch (error) {
    if (exceptionOf(error) === 'stream-not-found') return undefined;
    throw error;
  }
  return read;
};

/** Events of a stream of the log, by the log's own name of it. */
export const readEvents = async (
  client: EventStoreDBClient,
  names: Names,
  stream: string,
  options: { from?: number | undefined; max?: number | undefined; backwards?: boolean } = {},
): Promise<StoredEvent[]> => {
  const read = await readNamed(client, names.ofStream(stream), options);
  return (read ?? []).flatMap(({ event }) => (event ? [storedEvent(event, stream)] : []));
};

/** The last record of a stream that the adapter keeps for itself. */
export const readLast = async (
  client: EventStoreDBClient,
  name: string,
): Promise<{ revision: number; type: string; data: unknown } | undefined> => {
  const [last] = (await readNamed(client, name, { backwards: true, max: 1 })) ?? [];
  return last?.event && { revision: Number(last.event.revision), type: last.event.type, data: last.event.data };
};
