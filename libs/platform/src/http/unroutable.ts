import type { FastifyReply, FastifyRequest } from 'fastify';
import { requestContextOf } from '../request/hooks.js';
import { problemOf } from './problem.js';

/** Answers what the router refuses before any hook: a path that is no percent-encoding, or far too long. */
export const answerUnroutable = (error: Error, request: FastifyRequest, reply: FastifyReply): void => {
  const instance = request.url.split('?')[0] ?? request.url;
  const { correlationId } = requestContextOf(request);
  const { status, document } = problemOf(error, { instance, correlationId });
  void reply
    .status(status)
    .header('x-correlation-id', correlationId)
    .type('application/problem+json; charset=utf-8')
    .send(JSON.stringify(document));
};
