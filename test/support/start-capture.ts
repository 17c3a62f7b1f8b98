import { setTimeout as sleep } from 'node:timers/promises';
import pino from 'pino';
import { startApp, type RunningApp } from '#platform';
import { createTestDatabase } from '#testkit';
import { CaptureModule } from '../../apps/capture/src/capture.module.js';

export interface CaptureAnswer {
  status: number;
  headers: Headers;
  text: string;
  /** Parsed, where the answer is JSON of any kind. */
  body: any;
}

export interface Capture {
  running: RunningApp;
  databaseUrl: string;
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<CaptureAnswer>;
  /** Waits for a capture job. */
  jobDone(path: string): Promise<CaptureAnswer>;
  /** Sends a document and waits for its job. */
  captureDocument(document: unknown, headers?: Record<string, string>): Promise<CaptureAnswer>;
  stop(): Promise<void>;
}

/** The capture app alone on a free port and, unless one is given, a fresh database that is dropped at the stop. */
export const startCapture = async (
  options: { databaseUrl?: string; env?: Record<string, string> } = {},
): Promise<Capture> => {
  const database = options.databaseUrl === undefined ? await createTestDatabase() : undefined;
  const databaseUrl = options.databaseUrl ?? database?.url ?? '';
  const running = await startApp(CaptureModule, {
    name: 'capture',
    env: { DATABASE_URL: databaseUrl, PORT: '0', ...options.env },
    logger: pino({ level: process.env.LOG_LEVEL ?? 'silent' }),
  });
  const send: Capture['send'] = async (method, path, body, headers = {}) => {
    const payload = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const response = await fetch(new URL(path, running.url), {
      method,
      headers: { ...(payload !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(payload !== undefined && { body: payload }),
    });
    const text = await response.text();
    const isJson = /[/+]json/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : undefined };
  };
  const jobDone: Capture['jobDone'] = async (path) => {
    const end = Date.now() + 60_000;
    for (let wait = 2; ; wait = Math.min(wait * 2, 50)) {
      const job = await send('GET', path);
      if (job.body.running === false) return job;
      if (Date.now() > end) throw new Error(`the capture job did not finish: ${job.text}`);
      await sleep(wait);
    }
  };
  return {
    running,
    databaseUrl,
    send,
    jobDone,
    captureDocument: async (document, headers) => {
      const accepted = await send('POST', '/epcis/capture', document, headers);
      return accepted.status === 202 ? jobDone(accepted.headers.get('location') ?? '') : accepted;
    },
    stop: async () => {
      await running.stop();
      await database?.drop();
    },
  };
};
