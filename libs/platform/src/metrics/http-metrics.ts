import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { Histogram, type Registry } from 'prom-client';
import { requestContextOf } from '../request/hooks.js';

/** One measurement and one log line a request, named by its route, never by its path (which holds lot codes). */
export const observeRequests = (fastify: FastifyInstance, registry: Registry, logger: Logger): void => {
  const seconds = new Histogram({
    name: 'lotline_http_request_duration_seconds',
    help: 'Duration of HTTP requests',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers: [registry],
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none';
    const status = reply.statusCode;
    seconds.observe({ method: request.method, route, status }, reply.elapsedTime / 1000);
    const quiet = route.startsWith('/health') || route === '/metrics';
    logger[quiet ? 'debug' : 'info'](
      {
        method: request.method,
        route,
        status,
        ms: Math.round(reply.elapsedTime * 10) / 10,
        correlationId: requestContextOf(request).correlationId,
      },
      'request',
    );
    done();
  });
};
