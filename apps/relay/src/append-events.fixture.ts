import { randomUUID } from 'node:crypto';
import type { NewEvent } from '#contracts';
import type { EventLog } from '#event-log';

const eventOf = (n: number): NewEvent => ({
  id: randomUUID(),
  type: 'LotHeld',
  schemaVersion: 1,
  eventTime: '2026-03-31T09:00:00.000+02:00',
  data: { n },
  meta: { source: 'test', actor: 'system:test', correlationId: 'c-1' },
});

/** Appends so many events, over seven streams. @returns their positions in log order. */
export const appendEvents = async (log: EventLog, count: number): Promise<string[]> => {
  const results = await log.append(
    Array.from({ length: count }, (_, n) => ({
      stream: `stock-${n % 7}`,
      expected: 'any' as const,
      events: [eventOf(n)],
    })),
  );
  return results
    .flatMap((result) => {
      if (!result.ok) throw new Error(`refused: ${JSON.stringify(result)}`);
      return result.recorded.map(({ position }) => position);
    })
    .sort();
};
