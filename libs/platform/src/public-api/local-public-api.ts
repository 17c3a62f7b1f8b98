import type { FastifyInstance } from 'fastify';
import { INTERNAL_HEADER } from '../auth/authenticate.js';
import { INTERNAL_SECRET } from '../auth/permission.guard.js';
import { outgoingHeaders, parsedBody } from './outgoing-headers.js';
import type { ApiRequest, ApiResponse, PublicApi } from './public-api.js';

/** All contexts in this process: the same routes, guard and errors, without a socket. */
export class LocalPublicApi implements PublicApi {
  #fastify: FastifyInstance | undefined;

  serveBy(fastify: FastifyInstance): void {
    this.#fastify = fastify;
  }

  async request<Body = unknown>(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: `/${string}`,
    request: ApiRequest = {},
  ): Promise<ApiResponse<Body>> {
    if (!this.#fastify) throw new Error('the application has not started yet');
    const response = await this.#fastify.inject({
      method,
      url: path,
      headers: { ...outgoingHeaders(request), [INTERNAL_HEADER]: INTERNAL_SECRET },
      ...(request.body !== undefined && { payload: JSON.stringify(request.body) }),
    });
    const headers = Object.fromEntries(
      Object.entries(response.headers).flatMap(([name, value]) => (value == null ? [] : [[name, String(value)]])),
    ) as Record<string, string>;
    return {
      status: response.statusCode,
      headers,
      body: parsedBody(headers['content-type'], response.payload) as Body,
    };
  }
}
