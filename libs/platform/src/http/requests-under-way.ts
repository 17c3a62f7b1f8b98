import type { FastifyInstance } from 'fastify';

/**
 * Callers' requests that are not answered yet. A stop answers them before anything is closed, because a command may still
 * have to ask another context of this process, and Fastify takes no request, not even such a one, once it is closing.
 */
export class RequestsUnderWay {
  #count = 0;
  readonly #waiting = new Set<() => void>();

  observe(fastify: FastifyInstance): void {
    fastify.server.on('request', (_request, response) => {
      this.#count += 1;
      // Also where the caller went away.
      response.once('close', () => {
        this.#count -= 1;
        if (this.#count > 0) return;
        for (const resolve of this.#waiting) resolve();
        this.#waiting.clear();
      });
    });
  }

  /** Takes no new connections; resolves when what came by the present ones is answered, and ends those that are idle. */
  async end(fastify: FastifyInstance): Promise<void> {
    fastify.server.close();
    if (this.#count > 0) await new Promise<void>((resolve) => this.#waiting.add(resolve));
    // Those also that were opened and never used, which count as active.
    fastify.server.closeAllConnections();
  }
}
