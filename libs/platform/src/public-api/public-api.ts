/** The first path segment of a context's API. */
export type ApiContext =
  'epcis' | 'events' | 'production' | 'inventory' | 'shipping' | 'recalls' | 'genealogy' | 'expiry';

export interface ApiRequest {
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
}

export interface ApiResponse<Body = unknown> {
  status: number;
  headers: Readonly<Record<string, string>>;
  /** Parsed JSON, or text of any other type; undefined where empty. */
  body: Body;
}

/**
 * How one context asks another: the same paths over HTTP in `cluster` and in process in `standalone`. Correlation and
 * trace ids and the actor on whose behalf we ask go along by themselves. Any status is an answer, not an exception.
 * @throws LotlineError `unavailable` where the other side cannot be reached.
 */
export interface PublicApi {
  request<Body = unknown>(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: `/${string}`,
    request?: ApiRequest,
  ): Promise<ApiResponse<Body>>;
}
