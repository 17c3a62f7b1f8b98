import { STATUS_CODES } from 'node:http';
import { HttpException } from '@nestjs/common';
import { LotlineError, type ErrorKind, type Problem } from '#kernel';

/** RFC 9457 problem details, with our stable `code` and the single problems. */
export interface ProblemDocument {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  instance: string;
  correlationId: string;
  problems: readonly Problem[];
  [extra: string]: unknown;
}

const STATUS: Record<ErrorKind, number> = {
  malformed: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  precondition: 412,
  'too-large': 413,
  unsupported: 415,
  refused: 422,
  behind: 503,
  unavailable: 503,
};

/** Codes for what the framework refuses before a feature sees it. */
const FRAMEWORK_CODES: Record<number, string> = {
  400: 'bad-request',
  401: 'no-valid-key',
  403: 'forbidden',
  404: 'not-found',
  405: 'method-not-allowed',
  406: 'not-acceptable',
  408: 'request-timeout',
  413: 'body-too-large',
  414: 'uri-too-long',
  415: 'unsupported-media-type',
  429: 'too-many-requests',
  431: 'headers-too-large',
};

export interface Answer {
  status: number;
  headers: Record<string, string>;
  document: ProblemDocument;
  /** Nobody's fault but ours: to be logged with its stack. */
  defect: boolean;
}

const answer = (
  status: number,
  code: string,
  detail: string,
  at: { instance: string; correlationId: string },
  more: { problems?: readonly Problem[]; details?: Readonly<Record<string, unknown>>; defect?: boolean } = {},
): Answer => {
  const headers: Record<string, string> = {};
  if (status === 503) headers['retry-after'] = retryAfter(more.details);
  if (status === 401) headers['www-authenticate'] = 'Bearer realm="lotline"';
  return {
    status,
    headers,
    defect: more.defect ?? false,
    document: {
      ...more.details,
      type: `urn:lotline:problem:${code}`,
      title: STATUS_CODES[status] ?? 'Error',
      status,
      code,
      detail,
      ...at,
      problems: more.problems ?? [],
    },
  };
};

/** Whole seconds; one where nothing better is known. */
const retryAfter = (details?: Readonly<Record<string, unknown>>): string =>
  typeof details?.retryAfter === 'number' ? String(Math.ceil(details.retryAfter)) : '1';

/** What the driver says, without a code, where the connection was lost before or between the statements. */
const LOST =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed)/;

/** PostgreSQL is not there or going away: SQLSTATE classes 08 and 57P, and errors of the socket. */
const isDatabaseAway = (error: unknown): boolean => {
  const code = (error as { code?: unknown } | null)?.code;
  return (
    (typeof code === 'string' && /^(08|57P0|53300|ECONNREFUSED|ECONNRESET|EPIPE|ENOENT$)/.test(code)) ||
    (error instanceof Error && LOST.test(error.message))
  );
};

/** Maps whatever was thrown to the answer of the API; what is not ours to tell becomes a 500 without detail. */
export const problemOf = (error: unknown, at: { instance: string; correlationId: string }): Answer => {
  if (error instanceof LotlineError)
    return answer(STATUS[error.kind], error.code, error.message, at, {
      problems: error.problems,
      details: error.details,
    });
  const status = error instanceof HttpException ? error.getStatus() : statusOf(error);
  if (status !== undefined && status >= 400 && status < 500)
    return answer(status, FRAMEWORK_CODES[status] ?? 'bad-request', (error as Error).message, at);
  if (isDatabaseAway(error))
    return answer(503, 'database-unavailable', 'the database cannot be reached', at, { defect: true });
  if (status === 503) return answer(503, 'unavailable', 'not available now', at);
  return answer(500, 'internal-error', 'something went wrong here; it is logged under the correlation id', at, {
    defect: true,
  });
};

/** Errors of Fastify and its parsers carry their status. */
const statusOf = (error: unknown): number | undefined => {
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' && error instanceof Error ? status : undefined;
};
