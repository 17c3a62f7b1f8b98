import { Catch, Inject, NotFoundException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { LOGGER } from '../tokens.js';
import { requestContextOf } from '../request/hooks.js';
import { StoredAnswer } from '../idempotency/stored-answer.js';
import { problemOf } from './problem.js';
import { RouteTable } from './route-table.js';

/** The one place where an error becomes an answer. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(RouteTable) private readonly routes: RouteTable,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    if (thrown instanceof StoredAnswer) {
      void reply.status(thrown.status).headers({ ...thrown.headers, 'idempotency-replayed': 'true' });
      void reply.send(thrown.body);
      return;
    }
    const { correlationId } = requestContextOf(request);
    const path = request.url.split('?')[0] ?? request.url;
    const allowed = thrown instanceof NotFoundException && request.is404 ? this.routes.methodsAt(path) : [];
    // A wildcard that takes the method and still found nothing there: no such resource.
    const isWrongMethod = allowed.length > 0 && !allowed.includes(request.method);
    const error = isWrongMethod ? methodNotAllowed(request.method, path, allowed) : thrown;
    const { status, headers, document, defect } = problemOf(error, { instance: path, correlationId });
    if (defect)
      this.logger.error({ err: thrown, correlationId, method: request.method, path, status }, 'request failed');
    if (reply.sent) return;
    void reply
      .status(status)
      .headers({ ...headers, ...(isWrongMethod && { allow: allowed.join(', ') }) })
      .type('application/problem+json; charset=utf-8')
      .send(JSON.stringify(document));
  }
}

/** Carried as an error of the framework's kind: a status of its own that no rule of ours gives. */
const methodNotAllowed = (method: string, path: string, allowed: readonly string[]): Error =>
  Object.assign(new Error(`${path} takes ${allowed.join(', ')}, not ${method}`), { statusCode: 405 });
