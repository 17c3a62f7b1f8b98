import { post, type PostAnswer } from '../target/post.js';
import { retryAfterOf } from '../retry-schedule.js';
import { signatureOf } from '../signature.js';

export interface Message {
  /** `webhook-id`: the same however often it is sent. */
  id: string;
  body: string;
}

export interface Target {
  url: string;
  /** Each signs. */
  secrets: readonly string[];
}

export interface SendOptions {
  allowPrivate: boolean;
  timeoutMs: number;
}

export interface Outcome {
  /** `gone`: the receiver says that there is nothing any more (410). */
  result: 'delivered' | 'failed' | 'gone';
  status: number | null;
  error: string | null;
  retryAfterMs: number | undefined;
}

const GONE = 410;

const outcomeOf = ({ status, retryAfter, text }: PostAnswer): Outcome => {
  if (status >= 200 && status < 300) return { result: 'delivered', status, error: null, retryAfterMs: undefined };
  // What PostgreSQL cannot store is of no use to a reader either.
  const said = text.replace(/[\p{Cc}\s]+/gu, ' ').trim();
  return {
    result: status === GONE ? 'gone' : 'failed',
    status,
    error: said === '' ? `HTTP ${status}` : said,
    retryAfterMs: retryAfterOf(retryAfter, new Date()),
  };
};

/** Node puts the failures of several addresses of one name into one error without a message. */
const reasonOf = (error: unknown): string => {
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.map(reasonOf).join('; ');
  return error instanceof Error ? error.message : String(error);
};

/** Sends a message once, signed as Standard Webhooks says. Never rejects. */
export const attempt = async ({ id, body }: Message, target: Target, options: SendOptions): Promise<Outcome> => {
  const timestamp = Math.floor(Date.now() / 1_000);
  try {
    const answer = await post({
      ...options,
      url: target.url,
      body,
      headers: {
        'content-type': 'application/cloudevents+json; charset=utf-8',
        'user-agent': 'Lotline',
        'webhook-id': id,
        'webhook-timestamp': String(timestamp),
        'webhook-signature': signatureOf(target.secrets, id, timestamp, body),
      },
    });
    return outcomeOf(answer);
  } catch (error) {
    return { result: 'failed', status: null, error: reasonOf(error), retryAfterMs: undefined };
  }
};
