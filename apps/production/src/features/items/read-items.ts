import type { EventLog } from '#event-log';
import { itemDecider, itemStream, type ItemDefinition, type ItemEvent } from '../../domain/item.js';
import { sourcesOf, type Made } from '../../domain/recipe-rules.js';
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

/**
 * The items that a recipe needs, those that these need, and so on, each read once. An item that is changed at the same moment
 * may close a circle all the same, so nothing walks recipes without counting what it has seen.
 */
export const readSources = async (log: EventLog, of: Made): Promise<readonly Made[]> => {
  const sources = new Map<string, Made>();
  for (let next = sourcesOf(of); next.length > 0;) {
    const found = await readItems(log, next);
    for (const [item, definition] of found) sources.set(item, definition);
    next = [...new Set([...found.values()].flatMap(sourcesOf))].filter((item) => !sources.has(item));
    next = next.filter((item) => item !== of.item);
  }
  return [...sources.values()];
};
