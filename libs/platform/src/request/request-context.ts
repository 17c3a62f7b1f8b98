import { AsyncLocalStorage } from 'node:async_hooks';
import type { FastifyReply } from 'fastify';
import type { Principal } from '../auth/principal.js';

/** What one HTTP request carries from the first hook to the last log line. */
export interface RequestContext {
  correlationId: string;
  /** W3C trace context, as it came or freshly made. */
  traceparent: string;
  /** Its Idempotency-Key, or a generated id. */
  commandId: string;
  /** As sent. */
  idempotencyKey?: string;
  /** Ids of the events it causes derive from this: equal for a repeated key with the same request by the same caller. */
  eventSeed: string;
  /** Set by the guard. */
  principal?: Principal;
  /** On whose behalf a context of ours calls; only from a caller that may. */
  onBehalfOf?: string;
  /** From If-Match. */
  expectedRevision?: number;
  /** Highest position appended while it was handled: `X-Log-Position`. */
  position?: string;
  /** Revision of the stream it is about: `ETag`. */
  revision?: number;
  /** Runs when the answer is ready and before it leaves. */
  beforeAnswer?: (reply: FastifyReply, payload: unknown) => Promise<void>;
}

const storage = new AsyncLocalStorage<RequestContext>();

export const runInRequest = <T>(context: RequestContext, fn: () => T): T => storage.run(context, fn);

/** The request being handled, or undefined in a background process. */
export const currentRequest = (): RequestContext | undefined => storage.getStore();

export const actorOf = (context: RequestContext): string =>
  context.onBehalfOf ?? context.principal?.subject ?? 'anonymous';

/** The revision the caller saw (If-Match), or undefined where it did not say. */
export const expectedRevision = (): number | undefined => storage.getStore()?.expectedRevision;

/** Answers with this revision as `ETag`; the caller sends it back as `If-Match`. */
export const answerRevision = (revision: number): void => {
  const context = storage.getStore();
  if (context) context.revision = revision;
};

/** Answers with this position as `X-Log-Position` (appends through EVENT_LOG do it by themselves). */
export const answerPosition = (position: string): void => {
  const context = storage.getStore();
  if (context && (context.position === undefined || context.position < position)) context.position = position;
};
