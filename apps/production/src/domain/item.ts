import { decided, ItemChanged, ItemDefined, type DataOf, type DecidedOf } from '#contracts';
import { canonicalJson, LotlineError, notFound, refused, type Decider, type Problem } from '#kernel';
import { isCurrency } from './currencies.js';
import { unitProblems } from './item-units.js';
import { packagingProblems } from './packaging.js';
import { recipeProblems, sourcesOf } from './recipe-rules.js';

export type ItemDefinition = DataOf<typeof ItemDefined>;
export type ItemEvent = DecidedOf<typeof ItemDefined> | DecidedOf<typeof ItemChanged>;
export interface ItemCommand {
  type: 'define' | 'change';
  definition: ItemDefinition;
  now: string;
  /** The items that it is made of or contains, and theirs in turn, as defined now. */
  others?: readonly Related[];
}

/** What of another item matters to one that is made of it or contains it. */
export type Related = Pick<ItemDefinition, 'item' | 'recipe' | 'contains'>;

/** What it is made of, rework left out, and what it contains: whatever may lead back to it. */
export const relatedTo = (definition: Related): string[] => [
  ...new Set([...sourcesOf(definition), ...(definition.contains ?? []).map(({ item }) => item)]),
];

/** As defined last; null before. */
export type ItemState = ItemDefinition | null;

export const itemStream = (item: string): string => `item-${item}`;

const isSame = (a: unknown, b: unknown): boolean => canonicalJson(a) === canonicalJson(b);

const contentProblems = ({ item: whole, contains: parts = [] }: ItemDefinition): Problem[] => {
  const reasons: Problem[] = [];
  if (parts.some((part) => part.item === whole))
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

const shelfLifeProblems = ({ shelfLife }: ItemDefinition): Problem[] => {
  const from = shelfLife?.rule === 'inherited' ? (shelfLife.from ?? []) : [];
  return from.flatMap((kind, index) =>
    from.indexOf(kind) < index
      ? [
          {
            code: 'kind-listed-twice',
            message: `${kind} is listed twice`,
            field: `/shelfLife/from/${index}`,
            found: kind,
          },
        ]
      : [],
  );
};

const costProblems = ({ cost }: ItemDefinition): Problem[] =>
  cost === undefined || isCurrency(cost.currency)
    ? []
    : [
        {
          code: 'currency-unknown',
          message: 'this is no currency code',
          field: '/cost/currency',
          found: cost.currency,
          expected: 'a code of ISO 4217, as EUR',
        },
      ];

const reasonsAgainst = (definition: ItemDefinition, others: readonly Related[]): Problem[] => [
  ...contentProblems(definition),
  ...packagingProblems(definition, others),
  ...unitProblems(definition),
  ...shelfLifeProblems(definition),
  ...costProblems(definition),
  ...recipeProblems(definition, others),
];

export const itemDecider: Decider<ItemState, ItemCommand, ItemEvent> = {
  initialState: () => null,
  evolve: (_state, event) => event.data,
  decide: (command, state) => {
    const { definition, now, others = [] } = command;
    if (command.type === 'change' && state === null)
      throw notFound('item-unknown', `${definition.item} is not defined`);
    if (state !== null && isSame(state, definition)) return [];
    if (command.type === 'define' && state !== null)
      throw new LotlineError('conflict', 'item-exists', `${definition.item} is defined already, and differently`);
    const reasons = reasonsAgainst(definition, others);
    if (reasons.length > 0) throw refused('item-refused', 'the item cannot be defined like this', reasons);
    return [command.type === 'define' ? decided(ItemDefined, now, definition) : decided(ItemChanged, now, definition)];
  },
};
