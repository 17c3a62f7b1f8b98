import { lotIdOf } from '#contracts';
import type { EventLog } from '#event-log';
import { notFound } from '#kernel';
import type { ItemDefinition } from '../../domain/item.js';
import { levelsInside, type Level } from '../../domain/packaging.js';
import type { ProductionQueries } from '../../read-model/queries.js';
import { readItem, readOnwards } from './read-items.js';

/** With a lot code: the lot of the item on this level that would bear it. Nothing says that there is one. */
type LevelAnswer = Level & { lot?: string };

export interface PackagingAnswer {
  item: string;
  lot?: string;
  /** `amount` of it is in one of the item. */
  contains: LevelAnswer[];
  /** `amount` of the item is in one of it. */
  containedIn: LevelAnswer[];
}

const insideOf = ({ contains = [] }: ItemDefinition): string[] => contains.map(({ item }) => item);

/** What contains the item, level by level outwards, each once. */
const readOuter = async (queries: ProductionQueries, item: string): Promise<Map<string, ItemDefinition>> => {
  const outer = new Map<string, ItemDefinition>();
  for (let items = [item]; items.length > 0;) {
    const found = (await queries.containing(items)).filter((one) => one.item !== item && !outer.has(one.item));
    for (const definition of found) outer.set(definition.item, definition);
    items = found.map((definition) => definition.item);
  }
  return outer;
};

export const readPackaging = async (
  { log, queries }: { log: EventLog; queries: ProductionQueries },
  item: string,
  lotCode: string | undefined,
): Promise<PackagingAnswer> => {
  const { definition } = await readItem(log, item);
  if (!definition) throw notFound('item-unknown', `${item} is not defined`);
  const inner = await readOnwards(log, item, insideOf(definition), insideOf);
  const outer = await readOuter(queries, item);
  const all = new Map([...inner, ...outer, [item, definition]]);
  const lotOf = (of: string): { lot?: string } =>
    lotCode === undefined ? {} : { lot: lotIdOf({ item: of, lotCode }).id };
  return {
    item,
    ...lotOf(item),
    contains: levelsInside(item, all).map((level) => ({ ...level, ...lotOf(level.item) })),
    containedIn: [...outer.keys()].flatMap((of) =>
      levelsInside(of, all).flatMap(({ item: inside, depth, amount }) =>
        inside === item ? [{ item: of, depth, amount, ...lotOf(of) }] : [],
      ),
    ),
  };
};
