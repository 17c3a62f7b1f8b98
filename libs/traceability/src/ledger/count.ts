import { isPositive } from './positive.js';
import { ZERO } from '#kernel';
import type { Happening } from '../happening.js';
import { bring } from './bring.js';
import { accountOf, causeOf, find, post, stockOf, type Book } from './book.js';
import { namedIn } from './named.js';
import { atPlace, deposit, draw, here, holding, owedAt } from './stock.js';
import { anyPlace } from './tiers.js';

/**
 * The whole amount at the place is as stated, loose and packed; what units named beside hold is counted on top. The
 * difference is *adjusted*.
 */
export const count = (b: Book, h: Happening): void => {
  const place = b.geo.landsAt(h);
  if (place === null) return;
  const { amounts, units, serials } = namedIn(b, h.things);
  const named = b.units.tree([...units, ...serials]);
  bring(b, h, [...units, ...serials], place, 'observed');
  for (const [dimension, stated] of amounts) {
    const stock = stockOf(b, dimension);
    const packed = named.reduce((sum, u) => sum.plus(holding(stock, 'place', place, u).total), ZERO);
    const more = stated.plus(packed).minus(atPlace(stock, place)).plus(owedAt(stock, place));
    if (isPositive(more)) {
      const loose = holding(stock, 'place', place, undefined);
      post(b, causeOf(h), { kind: 'adjusted' }, accountOf(loose), more, dimension);
      deposit(stock, loose, { value: more });
    }
    for (const { from, portion } of draw(stock, more.times(-1), [anyPlace], here(stock, place)).pieces) {
      const unit = from.unit !== undefined && !b.serials.has(from.unit) ? from.unit : undefined;
      const flag = unit === undefined ? undefined : 'unpack-not-recorded';
      post(b, causeOf(h), accountOf(from), { kind: 'adjusted' }, portion.value, dimension, flag);
      if (unit !== undefined)
        find(b, 'unpack-not-recorded', causeOf(h), { place, unit, dimension, value: portion.value });
    }
    stock.net = stock.net.plus(more);
  }
};
