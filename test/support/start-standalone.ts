import { setTimeout as sleep } from 'node:timers/promises';
import { startApp, type RunningApp } from '#platform';
import { StandaloneModule } from '../../apps/standalone/src/standalone.module.js';
// Not by #testkit, which needs Jest: logs of releases are recorded without it.
import { createTestDatabase } from '../../libs/testkit/src/postgres.js';

export interface Answer<Body = any> {
  status: number;
  /** Lower case, as Node gives them. */
  headers: Record<string, string | undefined>;
  /** Parsed JSON of any kind, else the text; undefined where empty. */
  body: Body;
}

export interface AskOptions {
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as it is, as `application/json` unless the headers say otherwise. */
  rawBody?: string | Uint8Array;
  headers?: Record<string, string>;
}

export type Api = (
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD',
  path: string,
  options?: AskOptions,
) => Promise<Answer>;

export interface Standalone {
  url: string;
  databaseUrl: string;
  api: Api;
  running: RunningApp;
  /** Waits until the condition holds; fails after 60 s naming what was waited for. */
  until(what: string, condition: () => Promise<boolean>): Promise<void>;
  stop(): Promise<void>;
}

/**
 * A client of a base URL. The path may also be an absolute URL (a `Location`).
 * @param always headers of every request.
 */
export const apiOf =
  (url: string, always: Readonly<Record<string, string>> = {}): Api =>
  async (method, path, { body, rawBody, headers = {} } = {}) => {
    const payload = rawBody ?? (body === undefined ? undefined : JSON.stringify(body));
    const response = await fetch(new URL(path, url), {
      method,
      headers: { ...(payload !== undefined && { 'content-type': 'application/json' }), ...always, ...headers },
      ...(payload !== undefined && { body: payload as string }),
    });
    const text = await response.text();
    const isJson = /[/+]json/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: text === '' ? undefined : isJson ? JSON.parse(text) : text,
    };
  };

export const until = async (what: string, condition: () => Promise<boolean>): Promise<void> => {
  const end = Date.now() + 60_000;
  for (let wait = 5; !(await condition()); wait = Math.min(wait * 2, 100)) {
    if (Date.now() > end) throw new Error(`not within 60 s: ${what}`);
    await sleep(wait);
  }
};

/**
 * The composed product on a free port.
 * @param options.databaseUrl default: a fresh test database, dropped at the stop.
 * @param options.env more settings, e.g. LOTLINE_API_KEYS. LOG_LEVEL is `fatal` unless given.
 */
export const startStandalone = async (
  options: { databaseUrl?: string; env?: Record<string, string>; clock?: () => Date } = {},
): Promise<Standalone> => {
  const own = options.databaseUrl === undefined ? await createTestDatabase() : undefined;
  const databaseUrl = options.databaseUrl ?? own?.url ?? '';
  try {
    const running = await startApp(StandaloneModule, {
      name: 'standalone',
      env: { PORT: '0', LOG_LEVEL: process.env.LOG_LEVEL ?? 'fatal', ...options.env, DATABASE_URL: databaseUrl },
      ...(options.clock && { clock: options.clock }),
    });
    const stop = async (): Promise<void> => {
      await running.stop();
      await own?.drop();
    };
    return { url: running.url, databaseUrl, api: apiOf(running.url), running, until, stop };
  } catch (error) {
    await own?.drop();
    throw error;
  }
};
