import type { AddressInfo } from 'node:net';
import httpProxy from '@fastify/http-proxy';
import fastify, { type FastifyReply } from 'fastify';
import { type AppName, ROUTES } from './apps.js';

export interface Proxy {
  url: string;
  close(): Promise<void>;
}

/** Whether it was done is not known: as after any 503, the same request is sent again with the same ids. */
const unanswered = (reply: FastifyReply, app: AppName, { message }: Error): FastifyReply =>
  reply
    .status(503)
    .header('retry-after', '1')
    .type('application/problem+json; charset=utf-8')
    .send({
      type: 'urn:lotline:problem:app-unavailable',
      title: 'Service Unavailable',
      status: 503,
      code: 'app-unavailable',
      detail: `${app} did not answer: ${message}`,
      instance: new URL(reply.request.url, 'http://lotline').pathname,
    });

/**
 * One address for all apps, on loopback: the first segment of a path says which app answers it.
 * @param upstreams base URLs of the processes of an app that are there now; they take turns.
 */
export const startProxy = async (port: number, upstreams: (app: AppName) => readonly string[]): Promise<Proxy> => {
  const server = fastify({ routerOptions: { maxParamLength: 8_192 } });
  const turns = new Map<AppName, number>();
  const next = (app: AppName): string | undefined => {
    const there = upstreams(app);
    const turn = turns.get(app) ?? 0;
    turns.set(app, turn + 1);
    return there[turn % there.length];
  };
  for (const [segment, app] of Object.entries(ROUTES))
    await server.register(httpProxy, {
      upstream: '',
      prefix: `/${segment}`,
      rewritePrefix: `/${segment}`,
      // Nobody answers there: the same as an app that is down.
      replyOptions: {
        getUpstream: () => next(app) ?? 'http://127.0.0.1:1',
        onError: (reply, { error }) => void unanswered(reply as FastifyReply, app, error),
      },
      // The request goes on as it came: only the client knows whether it may be sent twice.
      disableRequestLogging: true,
      retryMethods: [],
    });
  await server.listen({ port, host: '127.0.0.1' });
  return {
    url: `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    close: () => server.close(),
  };
};
