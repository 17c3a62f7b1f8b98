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

/**
 * The items that lead on from one, those that these lead on to, and so on, each read once. An item that is changed at the same
 * moment may close a circle all the same, so nothing walks on without counting what it has seen.
 */
export const readOnwards = async (
  log: EventLog,
  from: string,
  first: readonly string[],
  next: (definition: ItemDefinition) => readonly string[],
): Promise<ReadonlyMap<string, ItemDefinition>> => {
  const found = new Map<string, ItemDefinition>();
  const asked = new Set([from]);
  for (let items = [...first]; items.length > 0;) {
    for (const item of items) asked.add(item);
    const definitions = await readItems(log, items);
    for (const [item, definition] of definitions) found.set(item, definition);
    items = [...new Set([...definitions.values()].flatMap(next))].filter((item) => !asked.has(item));
  }
  return found;
};
