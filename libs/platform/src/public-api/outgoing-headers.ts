import { ACTOR_HEADER } from '../auth/authenticate.js';
import { actorOf, currentRequest } from '../request/request-context.js';
import type { ApiRequest } from './public-api.js';

/** What goes along with every call of ours: who asks, and the ids that tie its traces together. */
export const outgoingHeaders = (request: ApiRequest): Record<string, string> => {
  const current = currentRequest();
  return {
    ...(request.body !== undefined && { 'content-type': 'application/json' }),
    ...(current && {
      'x-correlation-id': current.correlationId,
      traceparent: current.traceparent,
      [ACTOR_HEADER]: actorOf(current),
    }),
    ...request.headers,
  };
};

/** JSON of any kind is parsed, other text stays text, nothing is undefined. */
export const parsedBody = (contentType: string | undefined, text: string): unknown => {
  if (text === '') return undefined;
  return /[/+]json(?:$|;)/.test(contentType ?? '') ? (JSON.parse(text) as unknown) : text;
};
