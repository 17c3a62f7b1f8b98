import { setTimeout as delay } from 'node:timers/promises';
import type { EventLog } from '#event-log';
import type { EventPublisher } from '../port.js';

export interface TestRelay {
  stop(): Promise<void>;
}

const IDLE_MS = 50;

/**
 * Publishes a log from its beginning, and a watermark now and then while nothing comes. What was rejected is published
 * again, as the relay does it from its checkpoint.
 */
export const followAndPublish = async (log: EventLog, publisher: EventPublisher): Promise<TestRelay> => {
  const ended = new AbortController();
  const { signal } = ended;
  const identity = await log.identity();
  let after = '';
  const publishNext = async (): Promise<void> => {
    const { events, position } = await log.readAll({ after, max: 500 });
    await publisher.publish({ events, after, position, log: identity });
    after = position;
    if (events.length === 0) await delay(IDLE_MS, undefined, { signal });
  };
  const run = async (): Promise<void> => {
    while (!signal.aborted) await publishNext().catch(() => undefined);
  };
  const ran = run();
  return {
    async stop() {
      ended.abort();
      await ran;
    },
  };
};
