import { randomUUID } from 'node:crypto';
import type { EventStoreDBClient } from '@eventstore/db-client';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import grpcStreams from '@eventstore/db-client/generated/streams_grpc_pb.js';
import streams, { type BatchAppendReq, type BatchAppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { CallOptions, Metadata } from '@grpc/grpc-js';
import empty from 'google-protobuf/google/protobuf/empty_pb.js';
import timestamp from 'google-protobuf/google/protobuf/timestamp_pb.js';
import type { ProposedEvent } from './stored-event.js';

type StreamsClient = InstanceType<typeof grpcStreams.StreamsClient>;

/** How the client's own commands make a call; for TypeScript these are of its subclasses only. */
interface Commands {
  execute<T>(
    of: typeof grpcStreams.StreamsClient,
    name: string,
    call: (client: StreamsClient) => Promise<T>,
  ): Promise<T>;
  callArguments(options: { requiresLeader: boolean }): [Metadata, Partial<CallOptions>];
}

export type AppendAnswer =
  | { ok: true }
  /** Nothing was recorded. */
  | { ok: false; actual: number | 'no-stream' };

/** Below what servers take in one message (4 MB). */
const MESSAGE_BYTES = 1024 * 1024;

const uuidOf = (id: string): shared.UUID => {
  const uuid = new shared.UUID();
  uuid.setString(id);
  return uuid;
};

const proposalOf = ({ id, type, contentType, data, metadata }: ProposedEvent): BatchAppendReq.ProposedMessage => {
  const message = new streams.BatchAppendReq.ProposedMessage();
  message.setId(uuidOf(id));
  message.getMetadataMap().set('type', type).set('content-type', contentType);
  message.setData(data);
  message.setCustomMetadata(metadata);
  return message;
};

const requestsOf = (
  stream: string,
  events: readonly ProposedEvent[],
  expected: number | 'no-stream',
  deadline: CallOptions['deadline'],
): BatchAppendReq[] => {
  const correlationId = uuidOf(randomUUID());
  const newRequest = (): BatchAppendReq => new streams.BatchAppendReq().setCorrelationId(correlationId);
  const requests = [newRequest()];
  let bytes = 0;
  for (const event of events) {
    const size = event.data.length + event.metadata.length;
    if (bytes > 0 && bytes + size > MESSAGE_BYTES) {
      requests.push(newRequest());
      bytes = 0;
    }
    bytes += size;
    requests.at(-1)?.addProposedMessages(proposalOf(event));
  }
  const identifier = new shared.StreamIdentifier();
  identifier.setStreamName(Buffer.from(stream));
  const options = new streams.BatchAppendReq.Options();
  options.setStreamIdentifier(identifier);
  if (deadline instanceof Date) options.setDeadline(timestamp.Timestamp.fromDate(deadline));
  if (expected === 'no-stream') options.setNoStream(new empty.Empty());
  else options.setStreamPosition(String(expected));
  requests[0]?.setOptions(options);
  requests.at(-1)?.setIsFinal(true);
  return requests;
};

const REVISION = 'event_store.client.WrongExpectedVersion';

/** `event_store.client.MaximumAppendSizeExceeded` is `maximum-append-size-exceeded` in the client's own errors. */
const typeOf = (name: string): string =>
  name
    .slice(name.lastIndexOf('.') + 1)
    .replaceAll(/(?<=[a-z])[A-Z]/g, '-$&')
    .toLowerCase();

/** @returns an Error with EventStoreDB's `type` of it, where the server refuses for another reason than the revision. */
const answerOf = (response: BatchAppendResp): AppendAnswer | Error => {
  const error = response.getError();
  if (!error) return { ok: true };
  const details = error.getDetails();
  const name = details?.getTypeName() ?? 'unknown';
  const refusal =
    name === REVISION
      ? details?.unpack((bytes) => shared.WrongExpectedVersion.deserializeBinary(bytes), REVISION)
      : null;
  if (!refusal) return Object.assign(new Error(error.getMessage()), { type: typeOf(name) });
  return {
    ok: false,
    actual: refusal.hasCurrentStreamRevision() ? Number(refusal.getCurrentStreamRevision()) : 'no-stream',
  };
};

const unanswered = (): Error =>
  Object.assign(new Error('the server ended an append without an answer'), { type: 'unavailable' });

/**
 * One append by a batch append of its own, on the client's connection and by its rules of reconnecting. The client's
 * `appendToStream` is not used: it keeps the open appends of the whole process in one table, which the loss of any stream
 * empties; an answer that comes afterwards throws outside of every promise and ends the process, and after an orderly end
 * of the stream no answer comes at all. It also parses and prints data that is at hand as text.
 * @throws Error where the outcome is unknown or the server refuses for another reason than the revision.
 */
export const appendCall = (
  client: EventStoreDBClient,
  stream: string,
  events: readonly ProposedEvent[],
  expected: number | 'no-stream',
): Promise<AppendAnswer> => {
  const commands = client as unknown as Commands;
  return commands.execute(
    grpcStreams.StreamsClient,
    'append',
    (grpc) =>
      new Promise<AppendAnswer>((resolve, reject) => {
        const [metadata, options] = commands.callArguments({ requiresLeader: true });
        const call = grpc.batchAppend(metadata, options);
        call.on('error', reject);
        call.on('end', () => reject(unanswered()));
        call.on('data', (response: BatchAppendResp) => {
          const answer = answerOf(response);
          if (answer instanceof Error) reject(answer);
          else resolve(answer);
          call.end();
        });
        for (const request of requestsOf(stream, events, expected, options.deadline)) call.write(request);
      }),
  );
};
