import shared from '@eventstore/db-client/generated/shared_pb.js';
import status from '@eventstore/db-client/generated/status_pb.js';
import streams, { type BatchAppendReq, type BatchAppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { Message } from 'google-protobuf';
import any from 'google-protobuf/google/protobuf/any_pb.js';
import empty from 'google-protobuf/google/protobuf/empty_pb.js';
import { expectedOf, expectedOfBatch, identifierOf, proposedRecord, streamName } from './messages.js';
import type { AppendOutcome, Expected, ProposedRecord } from './stored-records.js';

/** An append as it came in, by one call or as a part of a batch. */
export interface IncomingAppend {
  stream: string;
  expected: Expected;
  records: ProposedRecord[];
}

export const incomingAppend = (requests: readonly streams.AppendReq[]): IncomingAppend => {
  const options = requests[0]!.getOptions()!;
  return {
    stream: streamName(options.getStreamIdentifier()),
    expected: expectedOf(options),
    records: requests.slice(1).map((request) => proposedRecord(request.getProposedMessage()!)),
  };
};

/** @param requests all of one correlation id, the last being marked final. */
export const incomingBatch = (requests: readonly BatchAppendReq[]): IncomingAppend => {
  const options = requests[0]!.getOptions()!;
  return {
    stream: streamName(options.getStreamIdentifier()),
    expected: expectedOfBatch(options),
    records: requests.flatMap((request) => request.getProposedMessagesList().map(proposedRecord)),
  };
};

export const appendResponse = (outcome: AppendOutcome): streams.AppendResp => {
  const response = new streams.AppendResp();
  if (outcome.ok) {
    const position = new streams.AppendResp.Position();
    position.setCommitPosition(String(outcome.position));
    position.setPreparePosition(String(outcome.position));
    const success = new streams.AppendResp.Success();
    success.setCurrentRevision(String(outcome.revision));
    success.setPosition(position);
    response.setSuccess(success);
  } else {
    const refusal = new streams.AppendResp.WrongExpectedVersion();
    if (outcome.actual === 'no-stream') refusal.setCurrentNoStream(new shared.Empty());
    else refusal.setCurrentRevision(String(outcome.actual));
    response.setWrongExpectedVersion(refusal);
  }
  return response;
};

export const batchResponse = (
  correlationId: shared.UUID,
  { stream }: IncomingAppend,
  outcome: AppendOutcome | { ok: false; tooLarge: number },
): BatchAppendResp => {
  const response = new streams.BatchAppendResp();
  response.setCorrelationId(correlationId);
  response.setStreamIdentifier(identifierOf(stream));
  if (outcome.ok) {
    const position = new shared.AllStreamPosition();
    position.setCommitPosition(String(outcome.position));
    position.setPreparePosition(String(outcome.position));
    const success = new streams.BatchAppendResp.Success();
    success.setCurrentRevision(String(outcome.revision));
    success.setPosition(position);
    response.setSuccess(success);
  } else if ('tooLarge' in outcome) {
    const refusal = new shared.MaximumAppendSizeExceeded();
    refusal.setMaxappendsize(outcome.tooLarge);
    response.setError(batchError(refusal, 'MaximumAppendSizeExceeded'));
  } else {
    const refusal = new shared.WrongExpectedVersion();
    if (outcome.actual === 'no-stream') refusal.setCurrentNoStream(new empty.Empty());
    else refusal.setCurrentStreamRevision(String(outcome.actual));
    response.setError(batchError(refusal, 'WrongExpectedVersion'));
  }
  return response;
};

const batchError = (details: Message, type: string): status.Status => {
  const packed = new any.Any();
  packed.pack(details.serializeBinary(), `event_store.client.${type}`);
  const error = new status.Status();
  error.setMessage(type);
  error.setDetails(packed);
  return error;
};
