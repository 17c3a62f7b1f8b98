import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { malformed } from '#kernel';
import { runInRequest, type RequestContext } from './request-context.js';
import { continuedTrace, freshTrace, readCorrelationId } from './trace-context.js';

const contexts = new WeakMap<FastifyRequest, RequestContext>();

/** Also where no asynchronous context reaches: error handlers, hooks of Fastify. */
export const requestContextOf = (request: FastifyRequest): RequestContext => {
  const known = contexts.get(request);
  if (known) return known;
  const fresh = freshContext(request);
  contexts.set(request, fresh);
  return fresh;
};

const KEY = /^"?([\x21\x23-\x7e]{1,255})"?$/;

const header = (request: FastifyRequest, name: string): string | undefined => request.headers[name]?.toString();

const freshContext = (request: FastifyRequest): RequestContext => {
  const id = randomUUID();
  return {
    correlationId: readCorrelationId(header(request, 'x-correlation-id')) ?? id,
    traceparent: continuedTrace(header(request, 'traceparent')) ?? freshTrace(),
    commandId: id,
    eventSeed: `request:${id}`,
  };
};

/** If-Match as a stream revision (RFC 9110 section 13.1.1; `*` is no condition on a stream that is read anyway). */
const readIfMatch = (request: FastifyRequest, context: RequestContext): void => {
  const text = header(request, 'if-match')?.trim();
  if (text === undefined || text === '*') return;
  const revision = /^(?:W\/)?"(\d{1,15})"$/.exec(text)?.[1];
  if (revision === undefined)
    throw malformed('bad-if-match', 'If-Match must be the ETag of an earlier answer, e.g. "12"', [
      { code: 'bad-if-match', message: 'not a revision', field: 'If-Match', found: text, expected: '"12"' },
    ]);
  context.expectedRevision = Number(revision);
};

const readIdempotencyKey = (request: FastifyRequest, context: RequestContext): void => {
  const text = header(request, 'idempotency-key')?.trim();
  if (text === undefined) return;
  const key = KEY.exec(text)?.[1];
  if (key === undefined)
    throw malformed('bad-idempotency-key', 'Idempotency-Key must be 1 to 255 visible ASCII characters', [
      { code: 'bad-idempotency-key', message: 'not a key', field: 'Idempotency-Key', found: text.slice(0, 300) },
    ]);
  context.commandId = key;
  context.idempotencyKey = key;
};

/** Gives every request its context, and every answer the headers that come from it. */
export const registerRequestContext = (fastify: FastifyInstance): void => {
  fastify.addHook('onRequest', (request, _reply, done) => {
    try {
      const context = requestContextOf(request);
      readIfMatch(request, context);
      readIdempotencyKey(request, context);
      done();
    } catch (error) {
      done(error as Error);
    }
  });
  // Body parsing continues in the asynchronous context of the socket, so the context is entered after it.
  fastify.addHook('preValidation', (request, _reply, done) => {
    runInRequest(requestContextOf(request), done);
  });
  fastify.addHook('onSend', async (request, reply, payload) => {
    const context = requestContextOf(request);
    reply.header('x-correlation-id', context.correlationId);
    reply.header('traceparent', context.traceparent);
    if (context.position !== undefined && !reply.hasHeader('x-log-position'))
      reply.header('x-log-position', context.position);
    if (context.revision !== undefined && !reply.hasHeader('etag')) reply.header('etag', `"${context.revision}"`);
    await context.beforeAnswer?.(reply, payload);
    return payload;
  });
};
