import type { FastifyInstance } from 'fastify';

export interface Route {
  method: string;
  url: string;
}

/** The routes of this process, to tell 405 from 404 and for the test that enumerates them. */
export class RouteTable {
  readonly #routes: Route[] = [];

  /** Before the first route is registered. */
  observe(fastify: FastifyInstance): void {
    fastify.addHook('onRoute', ({ method, url }) => {
      for (const m of [method].flat()) this.#routes.push({ method: m, url });
    });
  }

  routes(): readonly Route[] {
    return this.#routes;
  }

  /** Methods that some route takes at this path; none: there is no such path. */
  methodsAt(path: string): string[] {
    const segments = path.split('/');
    return [
      ...new Set(this.#routes.filter((route) => matches(route.url, segments)).map((route) => route.method)),
    ].sort();
  }
}

const matches = (pattern: string, segments: readonly string[]): boolean => {
  const parts = pattern.split('/');
  if (parts.at(-1) === '*') return segments.length >= parts.length && parts.slice(0, -1).every(samePart(segments));
  return parts.length === segments.length && parts.every(samePart(segments));
};

const samePart =
  (segments: readonly string[]) =>
  (part: string, index: number): boolean =>
    part === segments[index] || (part.includes(':') && segments[index] !== '');
