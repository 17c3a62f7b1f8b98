import type { EventLog } from '#event-log';
import { evolve, nothingYet, type Production, type ProductionEvent } from '../../domain/production.js';

/** A run, or a transformation outside of any, from its own stream. */
export const readProduction = async (
  log: EventLog,
  stream: string,
): Promise<{ state: Production; revision: number }> => {
  const events = await log.readStream(stream);
  return {
    state: (events as unknown as ProductionEvent[]).reduce(evolve, nothingYet()),
    revision: events.at(-1)?.revision ?? -1,
  };
};
