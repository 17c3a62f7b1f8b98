import { itemIdOf } from '#contracts';
import { malformed, type Problem } from '#kernel';
import type { ItemDefinition } from '../../domain/item.js';
import type { ItemDetailsDto } from './item.dto.js';

const GTIN_ITEM = /^https:\/\/id\.gs1\.org\/01\/(\d{14})$/;

const problem = (code: string, message: string, field: string, found: unknown): Problem => ({
  code,
  message,
  field,
  found,
});

/** The item a caller names: a GTIN, any id, or the own code. @throws LotlineError `malformed` where it is none. */
export const itemNamed = (text: string, field = '/item'): string => {
  const { id, kind, warning } = itemIdOf(text);
  if (warning !== undefined) throw malformed('invalid-request', warning, [problem('bad-gtin', warning, field, text)]);
  if (kind !== 'item' && kind !== 'other')
    throw malformed('invalid-request', `${text} names a ${kind}, not an item`, [
      problem('not-an-item', `this names a ${kind}`, field, text),
    ]);
  return id;
};

const shelfLifeOf = (dto: ItemDetailsDto): Pick<ItemDefinition, 'shelfLife'> => {
  if (!dto.shelfLife) return {};
  const { rule, days } = dto.shelfLife;
  if (rule !== 'fixed') {
    if (days !== undefined)
      throw malformed('invalid-request', 'days go with a fixed shelf life only', [
        problem('days-without-fixed', 'days go with the rule "fixed" only', '/shelfLife/days', days),
      ]);
    return { shelfLife: { rule } };
  }
  if (days === undefined)
    throw malformed('invalid-request', 'a fixed shelf life needs its days', [
      problem('days-missing', 'a fixed shelf life needs its days', '/shelfLife/days', null),
    ]);
  return { shelfLife: { rule, days } };
};

/** @param named as the caller named the item. */
export const definitionOf = (named: string, dto: ItemDetailsDto): ItemDefinition => {
  const item = itemNamed(named);
  const gtin = GTIN_ITEM.exec(item)?.[1];
  return {
    item,
    ...(gtin !== undefined && { gtin }),
    ...(dto.code !== undefined && { code: dto.code }),
    name: dto.name,
    kind: dto.kind,
    baseUnit: dto.baseUnit,
    ...(dto.tolerance !== undefined && { tolerance: dto.tolerance }),
    ...shelfLifeOf(dto),
    ...(dto.contains && {
      contains: dto.contains.map((part, index) => ({
        item: itemNamed(part.item, `/contains/${index}/item`),
        amount: { value: part.amount.value, unit: part.amount.unit },
      })),
    }),
  };
};
