import type { EventLog } from '#event-log';
import { itemDecider, itemStream, type ItemDefinition, type ItemEvent } from '../../domain/item.js';
import type { Items } from '../../domain/statement-rules.js';

/** The item as defined now, from its own stream: decisions never wait for a read model. */
export const readItem = async (
  log: EventLog,
  item: string,
): Promise<{ definition: ItemDefinition | null; revision: number }> => {
  const events = await log.readStream(itemStream(item));
  return {
    definition: (events as unknown as ItemEvent[]).reduce(itemDecider.evolve, itemDecider.initialState()),
    revision: events.at(-1)?.revision ?? -1,
  };
};

export const readItems = async (log: EventLog, items: Iterable<string>): Promise<Items> => {
  const found = await Promise.all([...new Set(items)].map(async (item) => readItem(log, item)));
  return new Map(found.flatMap(({ definition }) => (definition ? [[definition.item, definition]] : [])));
};
