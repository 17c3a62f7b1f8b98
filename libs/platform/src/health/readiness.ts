import type { FastifyInstance } from 'fastify';

/** Whether this process wants traffic; off as the first step of an orderly stop. */
export class Readiness {
  #ready = false;

  set(ready: boolean): void {
    this.#ready = ready;
  }

  get(): boolean {
    return this.#ready;
  }
}

/** A connection that stays open after the last answer would keep the server, and with it the stop, waiting. */
export const closeConnectionsWhenStopping = (fastify: FastifyInstance, readiness: Readiness): void => {
  fastify.addHook('onSend', (_request, reply, payload, done) => {
    if (!readiness.get()) reply.header('connection', 'close');
    done(null, payload);
  });
};
