import { ZERO, amountOf, decimalText, type Decimal, type Problem } from '#kernel';
import { balanceOf, type KnownStock } from '../known-stock.js';
import type { Take } from './book.js';

/**
 * Why a take that is more than what is available cannot be: `wrong-place` where the lot is only elsewhere, else
 * `insufficient-stock` with what is there.
 */
export const shortageOf = (known: KnownStock, take: Take, left: Decimal): Problem => {
  const lot = known.lots.get(take.lot);
  const here = balanceOf(lot, take.place, take.dimension);
  const elsewhere = lot?.balances.filter((b) => b.place !== take.place && b.value.gt(ZERO)) ?? [];
  const asked = amountOf(take.value, take.dimension);
  if ((here === undefined || here.lte(ZERO)) && elsewhere.length > 0)
    return {
      code: 'wrong-place',
      message: `lot ${take.lot} is not at ${take.place}`,
      id: take.lot,
      found: elsewhere.map((b) => ({ place: b.place, amount: amountOf(b.value, b.dimension) })),
      expected: `${asked.value} ${asked.unit} at ${take.place}`,
      accepted: { places: elsewhere.map((b) => b.place) },
    };
  const rest = amountOf(left.lt(ZERO) ? ZERO : left, take.dimension);
  return {
    code: 'insufficient-stock',
    message: `${rest.value} ${rest.unit} of lot ${take.lot} are available at ${take.place}, ${decimalText(take.value)} asked`,
    id: take.lot,
    found: rest,
    expected: `${asked.value} ${asked.unit}`,
    ...(left.gt(ZERO) && { accepted: { amount: rest } }),
  };
};
