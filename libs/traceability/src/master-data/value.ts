import { baseOf, decimal, decimalText, type Decimal } from '#kernel';
import type { ItemEntry } from './master-data.js';

/** An exact amount of money. */
export interface Money {
  /** Decimal text. */
  value: string;
  /** ISO 4217. */
  currency: string;
}

/** What one base unit of a dimension (KGM, LTR, EA …) is worth; as exact as dividing by the item's own unit is. */
export interface Price {
  value: Decimal;
  currency: string;
}

/** The price of an item in a dimension. @returns undefined where no cost is known, or that of another dimension alone. */
export const priceOf = (
  item: Pick<ItemEntry, 'cost' | 'baseUnit'> | undefined,
  dimension: string,
): Price | undefined => {
  if (item?.cost === undefined || item.baseUnit === undefined) return undefined;
  const base = baseOf(item.baseUnit);
  if (base.dimension !== dimension) return undefined;
  return { value: decimal(item.cost.value).div(base.factor), currency: item.cost.currency };
};

export const moneyOf = (value: Decimal, price: Price): Money => ({
  value: decimalText(value.times(price.value)),
  currency: price.currency,
});
