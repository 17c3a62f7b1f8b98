import { measure, type Amount, type Problem } from '#kernel';
import type { DeliveryQueries } from '../../deliveries/delivery-queries.js';
import type { WantedLine } from '../../domain/book/choose-lots.js';

/**
 * Of lines refused because there is too little of an item: the first day on which it could be had, as far as deliveries are
 * announced and come as they are.
 */
export const withExpected = async (
  problems: readonly Problem[],
  wanted: readonly WantedLine[],
  deliveries: Pick<DeliveryQueries, 'expected'>,
): Promise<Problem[]> =>
  Promise.all(
    problems.map(async (problem) => {
      const line = wanted.find(({ index }) => index === problem.index);
      if (problem.code !== 'insufficient-stock' || line?.split !== true) return problem;
      const { item, place, dimension, value } = line;
      const found = problem.found as Amount;
      let sum = measure(found.value, found.unit).value;
      const from: string[] = [];
      for (const { delivery, due, outstanding } of await deliveries.expected(item, place)) {
        const more = outstanding.map((amount) => measure(amount.value, amount.unit));
        const own = more.filter((m) => m.dimension === dimension);
        if (own.length === 0) continue;
        from.push(delivery);
        sum = own.reduce((total, m) => total.plus(m.value), sum);
        if (sum.gte(value))
          return { ...problem, accepted: { ...(problem.accepted as object), expectedOn: due, deliveries: from } };
      }
      return problem;
    }),
  );
