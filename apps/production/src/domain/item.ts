import { decided, ItemChanged, ItemDefined, type DataOf, type DecidedOf } from '#contracts';
import { canonicalJson, LotlineError, notFound, refused, type Decider, type Problem } from '#kernel';

export type ItemDefinition = DataOf<typeof ItemDefined>;
export type ItemEvent = DecidedOf<typeof ItemDefined> | DecidedOf<typeof ItemChanged>;
export type ItemCommand =
  | { type: 'define'; definition: ItemDefinition; now: string }
  | { type: 'change'; definition: ItemDefinition; now: string };

/** As defined last; null before. */
export type ItemState = ItemDefinition | null;

export const itemStream = (item: string): string => `item-${item}`;

const isSame = (a: unknown, b: unknown): boolean => canonicalJson(a) === canonicalJson(b);

const reasonsAgainst = (definition: ItemDefinition): Problem[] => {
  const reasons: Problem[] = [];
  const parts = definition.contains ?? [];
  if (parts.some((part) => part.item === definition.item))
    reasons.push({ code: 'contains-itself', message: 'an item cannot contain itself', field: '/contains' });
  const seen = new Set<string>();
  for (const { item } of parts) {
    if (seen.has(item))
      reasons.push({
        code: 'content-listed-twice',
        message: `${item} is listed twice`,
        field: '/contains',
        found: item,
      });
    seen.add(item);
  }
  return reasons;
};

export const itemDecider: Decider<ItemState, ItemCommand, ItemEvent> = {
  initialState: () => null,
  evolve: (_state, event) => event.data,
  decide: (command, state) => {
    const { definition, now } = command;
    if (command.type === 'change' && state === null)
      throw notFound('item-unknown', `${definition.item} is not defined`);
    if (state !== null && isSame(state, definition)) return [];
    if (command.type === 'define' && state !== null)
      throw new LotlineError('conflict', 'item-exists', `${definition.item} is defined already, and differently`);
    const reasons = reasonsAgainst(definition);
    if (reasons.length > 0) throw refused('item-refused', 'the item cannot be defined like this', reasons);
    return [command.type === 'define' ? decided(ItemDefined, now, definition) : decided(ItemChanged, now, definition)];
  },
};
