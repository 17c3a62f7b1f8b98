import type { Happening } from '../happening.js';
import type { Consumption } from '../ledger/types.js';
import { amountOf } from '#kernel';
import type { Leg, Stay } from '../trace/graph.js';
import type { Incidence } from './incidence.js';

type Contents = Pick<Incidence, 'contentsOf'>;

/** What one event took or made of a lot, as far as its ledger is looked at here. */
type Part = Pick<Consumption, 'event' | 'dimension' | 'value'>;
interface Moved {
  consumptions: readonly Part[];
  sources: readonly Part[];
}

/** What was directly in a unit at a moment; of a unit that is made and filled later, what it was filled with first. */
const inUnit = (unit: string, at: string, made: boolean, incidence: Contents): Stay[] => {
  const stays = incidence.contentsOf.get(unit) ?? [];
  const then = stays.filter((stay) => stay.from <= at && (stay.to === undefined || at <= stay.to));
  if (then.length > 0 || !made) return then;
  const later = stays.filter((stay) => stay.from > at).map((stay) => stay.from);
  const next = later.sort()[0];
  return stays.filter((stay) => stay.from === next);
};

/**
 * The lots in a unit that a transformation names, also in units inside it, with what the ledger says was taken or made of
 * each. Units that wrongly contain each other are entered once.
 */
export const unitLegs =
  (incidence: Contents, ledgerOf: (lot: string) => Moved) =>
  (unit: string, h: Happening, side: 'input' | 'output'): Leg[] => {
    const entered = new Set([unit]);
    const lots = new Set<string>();
    const queue = [unit];
    for (let next = queue.pop(); next !== undefined; next = queue.pop())
      for (const { content } of inUnit(next, h.time.key, side === 'output', incidence)) {
        if (!incidence.contentsOf.has(content)) lots.add(content);
        else if (!entered.has(content)) {
          entered.add(content);
          queue.push(content);
        }
      }
    const named = new Set((side === 'input' ? h.things : (h.outputs ?? [])).map((t) => t.id));
    const place = side === 'input' ? (h.readPoint ?? h.bizLocation) : (h.bizLocation ?? h.readPoint);
    return [...lots].sort().flatMap((lot): Leg[] => {
      if (named.has(lot)) return [];
      const ledger = ledgerOf(lot);
      const moved = (side === 'input' ? ledger.consumptions : ledger.sources).filter((row) => row.event === h.id);
      const leg: Leg = { lot, kind: 'lot', at: h.time.key, ...(place !== undefined && { place }) };
      return moved.length === 0
        ? [leg]
        : moved.map(({ value, dimension }) => ({ ...leg, amount: amountOf(value, dimension) }));
    });
  };
