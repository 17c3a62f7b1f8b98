import { randomUUID } from 'node:crypto';
import streams, { type ReadReq, type ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { ServerWritableStream, ServiceError } from '@grpc/grpc-js';
import {
  caughtUpResponse,
  checkpointResponse,
  confirmationResponse,
  eventResponse,
  filterOf,
  notFoundResponse,
  streamName,
} from './messages.js';
import type { StoredRecord, StoredRecords } from './stored-records.js';

export type ReadCall = ServerWritableStream<ReadReq, ReadResp>;

/** A subscription that the server serves now. */
export interface ServedSubscription {
  /** Records that it was given, whether they have reached the client or not. */
  sent: number;
  /** Checkpoints that it was given. */
  checkpoints: number;
  /** The position it started from, exclusive; undefined is the beginning. */
  from: bigint | undefined;
  /** Ends it as a server does that is stopped in order: without an error. */
  end(): void;
  fail(error: ServiceError): void;
}

/** Resolves when the client's flow control lets more through, or the call is over. */
const drained = (call: ReadCall): Promise<void> =>
  new Promise((resolve) => {
    for (const event of ['drain', 'cancelled', 'close', 'error', 'finish']) call.once(event, () => resolve());
  });

const send = async (call: ReadCall, response: ReadResp): Promise<void> => {
  if (!call.write(response)) await drained(call);
};

const selected = (options: ReadReq.Options, records: StoredRecords): readonly StoredRecord[] | undefined => {
  const backwards = options.getReadDirection() === streams.ReadReq.Options.ReadDirection.BACKWARDS;
  const inOrder = (some: readonly StoredRecord[]) => (backwards ? [...some].reverse() : some);
  const stream = options.getStream();
  if (stream) {
    const held = records.stream(streamName(stream.getStreamIdentifier()));
    if (!held) return undefined;
    if (!stream.hasRevision()) return inOrder(stream.hasStart() === backwards ? [] : held);
    const from = Number(stream.getRevision());
    return inOrder(backwards ? held.slice(0, from + 1) : held.slice(from));
  }
  const all = options.getAll()!;
  if (!all.hasPosition()) return inOrder(all.hasStart() === backwards ? [] : records.all);
  const position = BigInt(all.getPosition()!.getCommitPosition());
  // As EventStoreDB does it: forwards from the record at the position, backwards from the one before it.
  return inOrder(records.all.filter((one) => (backwards ? one.position < position : one.position >= position)));
};

export const serveRead = async (call: ReadCall, records: StoredRecords): Promise<void> => {
  const options = call.request.getOptions()!;
  const found = selected(options, records);
  if (!found) await send(call, notFoundResponse(streamName(options.getStream()?.getStreamIdentifier())));
  const { matches } = filterOf(options);
  let left = Number(options.getCount());
  for (const record of found ?? []) {
    if (left <= 0 || call.cancelled) break;
    if (!matches(record)) continue;
    left -= 1;
    await send(call, eventResponse(record));
  }
  call.end();
};

export const serveSubscription = async (
  call: ReadCall,
  records: StoredRecords,
  subscriptions: Set<ServedSubscription>,
): Promise<void> => {
  const options = call.request.getOptions()!;
  const { matches, checkpointEvery } = filterOf(options);
  const position = options.getAll()?.getPosition();
  const from = position && BigInt(position.getCommitPosition());
  const state = { isOver: false };
  let wake = (): void => undefined;
  const over = (): void => {
    state.isOver = true;
    wake();
  };
  for (const event of ['cancelled', 'close', 'error']) call.once(event, over);
  const stopListening = records.onAppended(() => wake());
  const served: ServedSubscription = {
    sent: 0,
    checkpoints: 0,
    from,
    end: () => {
      over();
      call.end();
    },
    fail: (error) => {
      over();
      call.emit('error', error);
    },
  };
  subscriptions.add(served);

  let next = from === undefined ? 0 : records.all.findIndex((one) => one.position > from);
  if (next < 0) next = records.all.length;
  const hasNothing = (): boolean => next >= records.all.length && !state.isOver;
  let passedOver = 0;
  let isCaughtUp = false;
  await send(call, confirmationResponse(randomUUID()));
  while (!state.isOver) {
    const record = records.all[next];
    if (record === undefined) {
      if (!isCaughtUp) await send(call, caughtUpResponse());
      isCaughtUp = true;
      if (hasNothing()) await new Promise<void>((resolve) => (wake = resolve));
      continue;
    }
    next += 1;
    if (matches(record)) {
      served.sent += 1;
      await send(call, eventResponse(record));
    } else if ((passedOver += 1) % checkpointEvery === 0) {
      served.checkpoints += 1;
      await send(call, checkpointResponse(record.position));
    }
  }
  stopListening();
  subscriptions.delete(served);
};
