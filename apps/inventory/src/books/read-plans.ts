import type { EventLog } from '#event-log';
import { NO_PLANS, planDecider, type PlanEvent, type Plans, planStreamOf } from '../domain/inspection/plan.js';

/** The inspection plans of an item as they are now, from their own stream: decisions never wait for a read model. */
export const readPlans = async (
  log: Pick<EventLog, 'readStream'>,
  item: string,
): Promise<{ plans: Plans; revision: number }> => {
  const events = await log.readStream(planStreamOf(item));
  return {
    plans: (events as unknown as PlanEvent[]).reduce(planDecider.evolve, NO_PLANS),
    revision: events.at(-1)?.revision ?? -1,
  };
};
