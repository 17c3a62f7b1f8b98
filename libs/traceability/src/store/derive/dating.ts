import type { LotDates } from '../../happening.js';
import type { MasterDataState } from '../../master-data/index.js';
import { daysAfter } from '../../ledger/index.js';
import { compareText } from './order.js';

/** What a lot's dates follow from, besides the dates of other lots. */
export interface Dating {
  /** Stated, or following from the lot's own production day. */
  own: LotDates;
  /** What is not its own is the earliest of its inputs. */
  inherits: boolean;
  /** Lots that went into it; [] where it inherits nothing. */
  inputs: readonly string[];
}

/** @param madeOn the calendar day it was first made or produced on, where no production date is stated. */
export const datingOf = (
  stated: LotDates,
  item: string | null,
  madeOn: string | undefined,
  inputs: readonly string[],
  master: MasterDataState,
): Dating => {
  const rule = item === null ? undefined : master.items.get(item)?.shelfLife;
  const production = stated.production ?? madeOn;
  if (rule?.rule === 'fixed' && stated.expiry === undefined && production !== undefined)
    return { own: { ...stated, expiry: daysAfter(production, rule.days) }, inherits: false, inputs: [] };
  return rule?.rule === 'inherited'
    ? { own: stated, inherits: true, inputs }
    : { own: stated, inherits: false, inputs: [] };
};

const INHERITED = ['expiry', 'bestBefore'] as const;

/**
 * Dates of lots with what they inherit: the earliest of everything upstream that inheritance reaches. Starts from nothing
 * known and only ever moves earlier, so a loop of rework ends, and never keeps alive a date that nothing states any more.
 * @param settled dates of inputs that are not among `datings`.
 */
export const inheritDates = (
  datings: ReadonlyMap<string, Dating>,
  settled: ReadonlyMap<string, LotDates>,
): Map<string, LotDates> => {
  const dates = new Map<string, LotDates>([...datings].map(([id, d]) => [id, { ...d.own }]));
  const heirs = new Map<string, string[]>();
  for (const [id, dating] of datings)
    if (dating.inherits) for (const input of dating.inputs) heirs.set(input, [...(heirs.get(input) ?? []), id]);
  const waiting = [...heirs.keys()];
  for (let input = waiting.pop(); input !== undefined; input = waiting.pop()) {
    const from = dates.get(input) ?? settled.get(input);
    for (const heir of heirs.get(input) ?? []) {
      const own = datings.get(heir)?.own ?? {};
      const to = dates.get(heir) ?? {};
      let earlier = false;
      for (const name of INHERITED) {
        const day = from?.[name];
        if (day === undefined || own[name] !== undefined) continue;
        if (to[name] !== undefined && compareText(to[name], day) <= 0) continue;
        to[name] = day;
        earlier = true;
      }
      if (earlier) waiting.push(heir);
    }
  }
  return dates;
};
