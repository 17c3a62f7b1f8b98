import { EventStoreDBClient } from '@eventstore/db-client';
import type { Client as GrpcClient } from '@grpc/grpc-js';

type HandleError = (client: GrpcClient, error: Error) => Promise<void>;

/** The client's own error carries the whole string, the password with it, to wherever it is logged. */
const parse = (connectionString: string): EventStoreDBClient => {
  try {
    return EventStoreDBClient.connectionString(connectionString);
  } catch (error) {
    if (!(error instanceof Error && 'connectionString' in error)) throw error;
    const where = error.message.replace(/^.*(?= at position \d+)/s, 'unexpected text');
    // eslint-disable-next-line preserve-caught-error -- the cause is what must not be seen
    throw new TypeError(`not a connection string of EventStoreDB: ${where}`);
  }
};

/**
 * A client that reconnects by itself: to the node that a not-leader answer names, else where the connection string says.
 *
 * The client looks after a failed channel in a promise that it does not wait for; where a whole cluster is gone that
 * promise rejects, which would end the process.
 * @throws TypeError where it is no connection string; Error where a file of certificates cannot be read.
 */
export const connect = (connectionString: string, onError: (error: unknown) => void): EventStoreDBClient => {
  const client = parse(connectionString);
  const own = client as unknown as { handleError: HandleError };
  const handleError = own.handleError;
  own.handleError = (grpc, error) => handleError(grpc, error).catch(onError);
  return client;
};
