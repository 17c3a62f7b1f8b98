import { Metadata, type ServiceError, status } from '@grpc/grpc-js';

/** How EventStoreDB says what went wrong: a gRPC status, and its own name of it in a trailer. */
const trouble = (code: status, details: string, trailers: Readonly<Record<string, string>> = {}): ServiceError => {
  const metadata = new Metadata();
  for (const [key, value] of Object.entries(trailers)) metadata.set(key, value);
  return Object.assign(new Error(details), { code, details, metadata });
};

export const notLeader = (leader: { host: string; port: number }): ServiceError =>
  trouble(status.NOT_FOUND, 'Leader info available', {
    exception: 'not-leader',
    'leader-endpoint-host': leader.host,
    'leader-endpoint-port': String(leader.port),
  });

export const unauthenticated = (): ServiceError => trouble(status.UNAUTHENTICATED, 'Unauthenticated');

export const notReady = (): ServiceError => trouble(status.UNAVAILABLE, 'Server Is Not Ready');

export const tooSlow = (): ServiceError => trouble(status.ABORTED, 'Consumer too slow');

export const tooLarge = (most: number): ServiceError =>
  trouble(status.INVALID_ARGUMENT, `Maximum Append Size of ${most} Exceeded.`, {
    exception: 'maximum-append-size-exceeded',
    'maximum-append-size': String(most),
  });
