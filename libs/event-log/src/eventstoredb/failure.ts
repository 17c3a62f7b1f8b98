import { status } from '@grpc/grpc-js';
import { LotlineError } from '#kernel';

/** What the client's errors have in common, those of gRPC and those it makes of them. */
interface ClientError {
  /** gRPC status. */
  code?: number;
  /** EventStoreDB's name of it. */
  type?: string;
}

const errorOf = (error: unknown): ClientError => (error instanceof Error ? (error as ClientError) : {});

const TRANSIENT: ReadonlySet<unknown> = new Set([
  status.UNAVAILABLE,
  status.DEADLINE_EXCEEDED,
  status.ABORTED,
  status.CANCELLED,
  // A stream reset by the other side, or by whoever stands between.
  status.INTERNAL,
  status.RESOURCE_EXHAUSTED,
]);
const TRANSIENT_TYPES: ReadonlySet<unknown> = new Set([
  'unavailable',
  'deadline-exceeded',
  'timeout',
  'cancelled',
  'not-leader',
]);
/** Thrown by the client without a status: a cluster where nobody answers, a channel closed by another call's failure. */
const CONNECTING = /^Failed to discover|hannel has been (shut down|closed)|^Channel closed/;

/** What Node says of a certificate, which gRPC hands on as a server that cannot be reached. */
const CERTIFICATE = /Last error: (.*\b(?:certificate|altnames)\b.*?)(?:\. Resolution note|$)/;

/** @returns why the server's certificate is not trusted: trying again would not change that. */
const distrustOf = (error: unknown): string | undefined =>
  error instanceof Error ? CERTIFICATE.exec(error.message)?.[1] : undefined;

/** The connection or the server went away: what was sent may have been done, the same call can be tried again. */
export const isTransient = (error: unknown): boolean => {
  const { code, type } = errorOf(error);
  if (distrustOf(error) !== undefined) return false;
  return (
    exceptionOf(error) === 'not-leader' ||
    TRANSIENT.has(code) ||
    TRANSIENT_TYPES.has(type) ||
    (error instanceof Error && CONNECTING.test(error.message))
  );
};

/** EventStoreDB's own name of an error: by the client's class, or by the trailer of a call. */
export const exceptionOf = (error: unknown): string | undefined => {
  const { type } = errorOf(error);
  if (type !== undefined) return type;
  const metadata = (error as { metadata?: { get?: (key: string) => (string | Buffer)[] } } | undefined)?.metadata;
  const [exception] = metadata?.get?.('exception') ?? [];
  return exception?.toString();
};

const isDenied = (error: unknown): boolean => {
  const { code } = errorOf(error);
  return exceptionOf(error) === 'access-denied' || code === status.UNAUTHENTICATED || code === status.PERMISSION_DENIED;
};

/**
 * The error that callers of the log get: says what is wrong, never with what it was asked (credentials, data).
 * @returns other errors than those of the client as they are.
 */
export const asLogError = (error: unknown): unknown => {
  const { code } = errorOf(error);
  const exception = exceptionOf(error);
  if (error instanceof LotlineError || (code === undefined && exception === undefined && !isTransient(error)))
    return error;
  if (isDenied(error))
    return new LotlineError(
      'unavailable',
      'log-access-denied',
      'EventStoreDB refuses the credentials of the event log',
    );
  const distrust = distrustOf(error);
  if (distrust !== undefined)
    return new LotlineError(
      'unavailable',
      'log-not-trusted',
      `the certificate of EventStoreDB is not trusted (${distrust}): see tlsCAFile of the connection string`,
    );
  if (exception === 'maximum-append-size-exceeded')
    return new LotlineError(
      'too-large',
      'append-too-large',
      'one append is more than EventStoreDB takes (MaxAppendSize)',
    );
  const why = exception ?? (code === undefined ? 'not reachable' : status[code]?.toLowerCase().replaceAll('_', ' '));
  return new LotlineError(
    'unavailable',
    'log-unavailable',
    `the event log cannot be reached (${why}); what was sent may or may not be recorded: send it again with the same ids`,
  );
};
