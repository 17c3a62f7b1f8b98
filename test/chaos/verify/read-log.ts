import type { RecordedEvent } from '#contracts';
import { createPostgresEventLog } from '#event-log';

/** The whole log, from the log itself. */
export const readLog = async (databaseUrl: string): Promise<RecordedEvent[]> => {
  const log = createPostgresEventLog({ connectionString: databaseUrl });
  try {
    const all: RecordedEvent[] = [];
    for (let after: string | undefined; ;) {
      const { events, position } = await log.readAll({ ...(after !== undefined && { after }), max: 5_000 });
      if (events.length === 0) return all;
      all.push(...events);
      after = position;
    }
  } finally {
    await log.close();
  }
};
