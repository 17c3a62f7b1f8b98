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
  /** Kinds of items whose lots it inherits from; null: of all. */
  of: readonly string[] | null;
  /** Kind of its own item, which decides who inherits from it; null where nobody says. */
  kind: string | null;
}

/** What others inherit from a lot. */
export interface Heritage {
  dates: LotDates;
  kind: string | null;
}

/**
 * Whether a lot passes its dates on to an heir that inherits by class. Of a lot of unknown class nobody can say that it is of
 * another: an early date is the safe side.
 */
const passesTo = (kind: string | null, { of }: Pick<Dating, 'of'>): boolean =>
  of === null || kind === null || of.includes(kind);

/** @param madeOn the calendar day it was first made or produced on, where no production date is stated. */
export const datingOf = (
  stated: LotDates,
  item: string | null,
  madeOn: string | undefined,
  inputs: readonly string[],
  master: MasterDataState,
): Dating => {
  const defined = item === null ? undefined : master.items.get(item);
  const rule = defined?.shelfLife;
  const kind = defined?.kind ?? null;
  const production = stated.production ?? madeOn;
  if (rule?.rule === 'fixed' && stated.expiry === undefined && production !== undefined)
    return {
      own: { ...stated, expiry: daysAfter(production, rule.days) },
      inherits: false,
      inputs: [],
      of: null,
      kind,
    };
  return rule?.rule === 'inherited'
    ? { own: stated, inherits: true, inputs, of: rule.from === undefined ? null : [...rule.from].sort(), kind }
    : { own: stated, inherits: false, inputs: [], of: null, kind };
};

const INHERITED = ['expiry', 'bestBefore'] as const;

/**
 * Dates of lots with what they inherit: the earliest of everything upstream that inheritance reaches. Starts from nothing
 * known and only ever moves earlier, so a loop of rework ends, and never keeps alive a date that nothing states any more.
 * @param settled what is inherited of inputs that are not among `datings`.
 */
export const inheritDates = (
  datings: ReadonlyMap<string, Dating>,
  settled: ReadonlyMap<string, Heritage>,
): Map<string, LotDates> => {
  const dates = new Map<string, LotDates>([...datings].map(([id, d]) => [id, { ...d.own }]));
  const heirs = new Map<string, string[]>();
  for (const [id, dating] of datings)
    if (dating.inherits) for (const input of dating.inputs) heirs.set(input, [...(heirs.get(input) ?? []), id]);
  const waiting = [...heirs.keys()];
  for (let input = waiting.pop(); input !== undefined; input = waiting.pop()) {
    const from = dates.get(input) ?? settled.get(input)?.dates;
    const kind = datings.get(input)?.kind ?? settled.get(input)?.kind ?? null;
    for (const heir of heirs.get(input) ?? []) {
      if (!passesTo(kind, datings.get(heir) ?? { of: null })) continue;
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
