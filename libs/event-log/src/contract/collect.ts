import type { RecordedEvent } from '#contracts';
import type { EventLog, FollowOptions } from '../port.js';

/** Follows until so many events have come, then stops. */
export const collect = async (
  log: EventLog,
  count: number,
  options: Omit<FollowOptions, 'signal'> = {},
): Promise<RecordedEvent[]> => {
  const stop = new AbortController();
  const seen: RecordedEvent[] = [];
  for await (const batch of log.follow({ ...options, signal: stop.signal })) {
    seen.push(...batch.events);
    if (seen.length >= count) stop.abort();
  }
  return seen;
};

/** Reads pages up to the end as it is then. */
export const readEverything = async (log: EventLog, max?: number): Promise<RecordedEvent[]> => {
  const seen: RecordedEvent[] = [];
  let after: string | undefined;
  for (;;) {
    const batch = await log.readAll({ after, ...(max === undefined ? {} : { max }) });
    if (batch.events.length === 0) return seen;
    seen.push(...batch.events);
    after = batch.position;
  }
};
