import { amountOf, canonicalJson, measure } from '#kernel';
import type { Happening, Verb } from '../happening.js';
import { discrepancy } from './book.js';
import { inLedgerOrder } from './order.js';
import type { Discrepancy } from './types.js';

/** Two systems seldom write the same second; one system that repeats itself does. */
const OTHER_REPORTER_SECONDS = 60;
const SAME_REPORTER_SECONDS = 1;

/** What counts goods. Seeing or packing the same thing twice changes nothing that a count would not. */
const COUNTED: ReadonlySet<Verb> = new Set<Verb>(['make', 'receive', 'ship', 'consume', 'sell', 'scrap', 'transform']);

const amounts = (things: Happening['things']): string[] =>
  things
    .map((t) => {
      const m = t.amount === undefined ? undefined : measure(t.amount.value, t.amount.unit);
      return canonicalJson([t.id, m?.value.toFixed() ?? '', m?.dimension ?? '']);
    })
    .sort();

const says = (h: Happening): string =>
  canonicalJson([h.verb, h.bizLocation ?? h.readPoint ?? '', amounts(h.things), amounts(h.outputs ?? [])]);

const seconds = (h: Happening): number => Date.parse(`${h.time.key}Z`) / 1000;

/** References that name one act (interpret/references.ts). An order or an invoice has many, so sharing one explains nothing. */
const ACT = /^((shipment|delivery|run|transformation|return|receipt|count|scrap):.|https:\/\/id\.gs1\.org\/00\/)/;

const shareAnId = (a: Happening, b: Happening): boolean => {
  const ids = (h: Happening): (string | undefined)[] => [
    ...(h.confirms ?? []).filter((reference) => ACT.test(reference)),
    h.act,
    h.shipment,
    h.transformation === h.id ? undefined : h.transformation,
  ];
  const known = new Set(ids(a).filter((id) => id !== undefined));
  return ids(b).some((id) => id !== undefined && known.has(id));
};

/**
 * Pairs of events that say the same of the same goods at the same place at nearly the same time under different ids: within
 * a minute by different reporting systems, within a second by one (a line that makes two equal pallets a minute is no
 * duplicate). Only lists with at least one stated quantity are compared; a shared id (act, shipment, transformation) says
 * that a pair is known to belong together.
 * @param happenings effective happenings of one lot, in any order.
 */
export const suspectedDuplicates = (happenings: readonly Happening[]): Discrepancy[] => {
  const counted = happenings
    .filter((h) => COUNTED.has(h.verb) && h.things.concat(h.outputs ?? []).some((t) => t.amount !== undefined))
    .sort(inLedgerOrder);
  return [...Map.groupBy(counted, says).values()].flatMap((alike) =>
    alike.flatMap((b, i) => {
      const a = alike[i - 1];
      if (!a || a.id === b.id || shareAnId(a, b)) return [];
      const window = a.reporter === b.reporter ? SAME_REPORTER_SECONDS : OTHER_REPORTER_SECONDS;
      if (seconds(b) - seconds(a) > window) return [];
      const [thing] = b.things.concat(b.outputs ?? []).filter((t) => t.amount !== undefined);
      if (thing?.amount === undefined) return [];
      const { value, dimension } = measure(thing.amount.value, thing.amount.unit);
      const place = b.bizLocation ?? b.readPoint;
      return [
        discrepancy(
          {
            kind: 'suspected-duplicate',
            lot: thing.id,
            ...(place !== undefined && { place }),
            amount: amountOf(value, dimension),
            events: [a.id, b.id],
            time: b.time.key,
          },
          { reporters: [...new Set([a.reporter, b.reporter].filter((r) => r !== undefined))] },
        ),
      ];
    }),
  );
};
