import type { EventLog } from '#event-log';
import { orderDecider, orderStream, type OrderEvent, type OrderState } from '../../domain/order.js';

/** The order as it stands, from its own stream; null where it is only a number of another system. */
export const readOrder = async (log: EventLog, order: string): Promise<{ state: OrderState; revision: number }> => {
  const events = await log.readStream(orderStream(order));
  return {
    state: (events as unknown as OrderEvent[]).reduce(orderDecider.evolve, orderDecider.initialState()),
    revision: events.at(-1)?.revision ?? -1,
  };
};
