import {
  type AllStreamResolvedEvent,
  type AllStreamSubscription,
  type EventStoreDBClient,
  type Position,
  START,
  streamNameFilter,
} from '@eventstore/db-client';
import type { RecordedEvent } from '#contracts';
import { backoff, pause } from '../pause.js';
import type { FollowOptions, LogBatch } from '../port.js';
import { asLogError, isTransient } from './failure.js';
import type { Names } from './names.js';
import { parsePosition, positionText } from './position.js';
import { DEFAULT_BATCH } from './read-all.js';
import { storedEvent } from './stored-event.js';

export interface FollowSource {
  client: EventStoreDBClient;
  names: Names;
  onError: (error: unknown) => void;
}

/** What stands in a subscription's buffer in the place where the server reported a checkpoint. */
interface Checkpoint {
  checkpoint: Position;
}
type Item = AllStreamResolvedEvent | Checkpoint;

/** Records that match nothing, in units of the server's search window (32), after which it says how far it has come. */
const CHECKPOINT_INTERVAL = 8;

/** Records that wait inside the client for a consumer that is slower than the server. */
const MOST_BUFFERED = 256;

const subscribe = ({ client, names }: FollowSource, after: string, batchSize: number): AllStreamSubscription => {
  const filter = streamNameFilter({
    prefixes: [names.prefix],
    checkpointInterval: CHECKPOINT_INTERVAL,
    // Told as soon as it arrives, while events before it may wait unread: so it takes its place behind them.
    checkpointReached: (subscription, checkpoint) => {
      subscription.push({ checkpoint } satisfies Checkpoint);
    },
  });
  return client.subscribeToAll(
    { fromPosition: parsePosition(after) ?? START, filter },
    { highWaterMark: Math.min(batchSize, MOST_BUFFERED) },
  );
};

/** Waits for the subscription to have something, to end or to fail, or for the signal. */
const wakeups = (subscription: AllStreamSubscription, signal: AbortSignal) => {
  let failure: { error: unknown } | undefined;
  let ended = false;
  let wake = (): void => undefined;
  const woken = (): void => wake();
  subscription.on('readable', woken);
  subscription.on('error', (error) => {
    failure ??= { error };
    wake();
  });
  for (const event of ['end', 'close'] as const)
    subscription.on(event, () => {
      ended = true;
      wake();
    });
  signal.addEventListener('abort', woken, { once: true });
  return {
    /** @returns false where nothing more will come. @throws what the subscription failed with. */
    async more(): Promise<boolean> {
      if (subscription.readableLength === 0 && !failure && !ended && !signal.aborted)
        await new Promise<void>((resolve) => (wake = resolve));
      if (failure) throw failure.error;
      return !ended && !signal.aborted;
    },
    ended: () => ended,
    stop: () => signal.removeEventListener('abort', woken),
  };
};

/** What waits in the buffer now, at most one batch of it; `position` moves over checkpoints too. */
const take = (subscription: AllStreamSubscription, names: Names, size: number, from: string): LogBatch => {
  const events: RecordedEvent[] = [];
  let position = from;
  while (events.length < size) {
    const item = subscription.read() as Item | null;
    if (item === null) break;
    if ('checkpoint' in item) {
      position = positionText(item.checkpoint);
      continue;
    }
    const stream = item.event && names.toStream(item.event.streamId);
    if (item.event === undefined || stream === undefined) continue;
    events.push(storedEvent(item.event, stream).event);
    position = positionText(item.event.position);
  }
  return { events, position };
};

/**
 * Follows by a subscription to `$all` that the server filters by the log's prefix. A subscription that fails, or ends
 * without an error (a server that is stopped in order ends it so), is made again behind the last event or checkpoint;
 * catching up and live is one subscription to the server, so that there is no seam between them. While the consumer
 * does not ask for more, a bounded buffer fills, then the stream's flow control makes the server wait.
 */
export async function* follow(
  source: FollowSource,
  { after = '', batchSize = DEFAULT_BATCH, signal }: FollowOptions,
): AsyncGenerator<LogBatch> {
  let position = after;
  for (let failures = 0; !signal.aborted;) {
    const subscription = subscribe(source, position, batchSize);
    const wakeup = wakeups(subscription, signal);
    try {
      while (await wakeup.more()) {
        const batch = take(subscription, source.names, batchSize, position);
        if (batch.position !== position) failures = 0;
        position = batch.position;
        if (batch.events.length > 0)
          yield { events: batch.events, position: batch.events.at(-1)?.position ?? position };
      }
      if (wakeup.ended()) source.onError(new Error('the subscription to the event log ended; it is made again'));
    } catch (error) {
      if (!isTransient(error)) throw asLogError(error);
      source.onError(error);
    } finally {
      wakeup.stop();
      await subscription.unsubscribe().catch(() => undefined);
      subscription.destroy();
    }
    await pause(backoff((failures += 1)), signal);
  }
}
