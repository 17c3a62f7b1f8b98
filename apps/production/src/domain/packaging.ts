import { baseOf, baseUnitOf, NOTHING, ratio, ratioText, type Amount, type Problem, type Ratio } from '#kernel';
import { circleThrough } from './circle.js';
import { inUnit } from './item-units.js';
import type { ItemDefinition } from './item.js';

type Packed = Pick<ItemDefinition, 'item' | 'contains'>;

/** Every reason against what an item contains, `others` being what its contents contain, and theirs in turn. */
export const packagingProblems = ({ item, contains = [] }: Packed, others: readonly Packed[]): Problem[] => {
  const inside = new Map(
    [{ item, contains }, ...others.filter((other) => other.item !== item)].map((one) => [
      one.item,
      new Set((one.contains ?? []).map((part) => part.item)),
    ]),
  );
  // What contains itself at once is said in other words.
  inside.get(item)?.delete(item);
  const found = circleThrough(item, inside);
  return found
    ? [
        {
          code: 'contains-loop',
          message: 'the item would be inside itself',
          field: '/contains',
          found: found.join(' ⊃ '),
          expected: 'contents that do not contain the item',
        },
      ]
    : [];
};

/** An item on another level of packaging. */
export interface Level {
  item: string;
  /** How many levels apart at least. */
  depth: number;
  /** Over all ways: how much of the inner is in one of the outer; null where it cannot be told, or not in one dimension. */
  amount: Amount | null;
}

type Definitions = ReadonlyMap<string, ItemDefinition>;

interface Inside {
  depth: number;
  /** By dimension, in base units; undefined where it cannot be told. */
  amounts: ReadonlyMap<string, Ratio> | undefined;
}

const added = (one: Inside['amounts'], other: Inside['amounts']): Inside['amounts'] =>
  one &&
  other &&
  new Map([...one.keys(), ...other.keys()].map((d) => [d, (one.get(d) ?? NOTHING).add(other.get(d) ?? NOTHING)]));

/**
 * What is inside one of the item, on all levels. Each item is looked into once, however many ways lead to it; one that two changes
 * at the same moment have put into itself is not entered again.
 */
export const levelsInside = (item: string, definitions: Definitions): Level[] => {
  const known = new Map<string, ReadonlyMap<string, Inside>>();
  const insideOf = (outer: string, within: ReadonlySet<string>): ReadonlyMap<string, Inside> => {
    const before = known.get(outer);
    if (before) return before;
    const inside = new Map<string, Inside>();
    const put = (inner: string, depth: number, amounts: Inside['amounts']): void => {
      const other = inside.get(inner);
      inside.set(
        inner,
        other ? { depth: Math.min(depth, other.depth), amounts: added(amounts, other.amounts) } : { depth, amounts },
      );
    };
    for (const { item: part, amount } of definitions.get(outer)?.contains ?? []) {
      if (within.has(part)) continue;
      const { dimension, factor } = baseOf(amount.unit);
      put(part, 1, new Map([[dimension, ratio(amount.value).mul(ratio(factor))]]));
      // One of the part in pieces of it: what it takes to go on inside.
      const pieces = inUnit(amount, 'EA', definitions.get(part));
      for (const [inner, { depth, amounts }] of insideOf(part, new Set([...within, part])))
        if (inner !== item)
          put(inner, depth + 1, pieces && amounts && new Map([...amounts].map(([d, value]) => [d, value.mul(pieces)])));
    }
    known.set(outer, inside);
    return inside;
  };
  return [...insideOf(item, new Set([item]))].map(([inner, { depth, amounts }]) => {
    const [[dimension, value] = [], ...others] = amounts ?? [];
    const isOne = dimension !== undefined && value !== undefined && others.length === 0;
    return { item: inner, depth, amount: isOne ? { value: ratioText(value), unit: baseUnitOf(dimension) } : null };
  });
};
