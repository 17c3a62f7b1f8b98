import type { Logger } from 'pino';
import { LotlineError } from '#kernel';
import type { LotlineConfig } from '../config/lotline-config.js';
import { outgoingHeaders, parsedBody } from './outgoing-headers.js';
import type { ApiContext, ApiRequest, ApiResponse, PublicApi } from './public-api.js';

const TIMEOUT_MS = 30_000;

/** The base URL of each context; its own setting, else PUBLIC_URL. */
export const baseUrls = (config: LotlineConfig): Record<ApiContext, string | undefined> => {
  const { publicUrl } = config;
  const capture = config.captureUrl ?? publicUrl;
  return {
    epcis: capture,
    events: capture,
    production: config.productionUrl ?? publicUrl,
    inventory: config.inventoryUrl ?? publicUrl,
    shipping: config.shippingUrl ?? publicUrl,
    recalls: config.recallsUrl ?? publicUrl,
    genealogy: config.genealogyUrl ?? publicUrl,
    expiry: config.expiryUrl ?? publicUrl,
  };
};

/** Other contexts over HTTP, found by the first segment of the path. */
export class RemotePublicApi implements PublicApi {
  readonly #bases: Readonly<Record<string, string | undefined>>;
  readonly #key: string | undefined;

  constructor(
    config: LotlineConfig,
    private readonly logger: Logger,
  ) {
    this.#bases = baseUrls(config);
    this.#key = config.serviceKey;
  }

  async request<Body = unknown>(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: `/${string}`,
    request: ApiRequest = {},
  ): Promise<ApiResponse<Body>> {
    const context = /^\/([^/?]+)/.exec(path)?.[1] ?? '';
    const base = this.#bases[context];
    if (base === undefined)
      throw new LotlineError('unavailable', 'context-not-configured', `no base URL is configured for ${context}`);
    try {
      const response = await fetch(base.replace(/\/$/, '') + path, {
        method,
        headers: {
          ...outgoingHeaders(request),
          ...(this.#key !== undefined && { authorization: `Bearer ${this.#key}` }),
        },
        ...(request.body !== undefined && { body: JSON.stringify(request.body) }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const headers = Object.fromEntries(response.headers);
      return {
        status: response.status,
        headers,
        body: parsedBody(headers['content-type'], await response.text()) as Body,
      };
    } catch (err) {
      this.logger.warn({ err, context, method }, 'another context did not answer');
      throw new LotlineError('unavailable', 'context-unavailable', `${context} did not answer`);
    }
  }
}
