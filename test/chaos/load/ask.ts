import { setTimeout as after } from 'node:timers/promises';

export interface Asked {
  method: 'GET' | 'POST';
  url: string;
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
}

export interface Answered {
  status: number;
  headers: Headers;
  body: any;
}

/** How long a caller waits for an answer before it asks again: shorter than what is killed and frozen takes to come back. */
const PATIENCE_MS = 10_000;

/** @returns undefined where there was no answer: refused, reset, too late, or cut off in the middle. */
export const askOnce = async ({ method, url, body, headers }: Asked): Promise<Answered | undefined> => {
  try {
    const response = await fetch(url, {
      method,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const text = await response.text();
    const isJson = /[/+]json/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      body: isJson && text !== '' ? JSON.parse(text) : text,
    };
  } catch {
    return undefined;
  }
};

/** Before the next try; the first comes soon, none comes later than after a second. */
export const backOff = (attempt: number): Promise<void> => after(Math.min(1_000, 25 * 2 ** attempt));
