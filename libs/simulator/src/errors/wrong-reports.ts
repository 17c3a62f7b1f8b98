import { DAY, dayOf, HOUR } from '../calendar.js';
import type { Random } from '../random.js';
import type { Act, Line } from '../reports/act.js';
import { eventId } from '../reports/ids.js';
import { accountName, at, CONSUMED, SCRAPPED } from '../truth/accounts.js';
import type { Truth } from '../truth/truth.js';
import type { ErrorKind, InjectedError } from './label.js';

type Shows = InjectedError['shows'];

/** What is reported instead of an act, and how to tell in the end whether that can be seen. */
export interface Wrong {
  acts: Act[];
  what: string;
  /** Ids of events that are wrong, where it is not the first of `acts` or the act itself. */
  events?: string[];
  lots: number[];
  /** Looked at when everything has happened; empty: it cannot be seen. */
  shows: () => Shows;
}

export interface Scene {
  truth: Truth;
  random: Random;
  /** Lots that a count has put right. */
  counted: ReadonlySet<number>;
  /** Another lot of the item that lies about, if there is one. */
  otherLot: (line: Line) => number | undefined;
}

type Maker = (act: Act, scene: Scene) => Wrong | undefined;

const lineAt = (lines: readonly Line[], at: number, changed: Partial<Line>): Line[] =>
  lines.map((line, n) => (n === at ? { ...line, ...changed } : line));

const show = (truth: Truth, lots: readonly number[], ...kinds: string[]): Shows =>
  lots.map((lot) => ({ lot: truth.lots.idOf(lot), kinds }));

/** Nothing but uses and what still lies in the plant: of such a lot the record can be added up. */
const isPlain = (act: Act): boolean => act.verb === 'receive' && act.lines.length === 1;

/** What left a lot by being used, in thousandths. */
const usedOf = ({ book }: Truth, lot: number): number => book.balance(lot, CONSUMED) + book.balance(lot, SCRAPPED);

/** What left the site where it was made, in any way. */
const leftOf = (truth: Truth, lot: number): number => {
  const { world, book } = truth;
  let left = usedOf(truth, lot);
  for (const { account, amount } of book.accounts(lot)) {
    const name = accountName(account);
    if ('place' in name && world.places[name.place]?.party !== world.manufacturer) left += amount;
  }
  return left;
};

/** Whether more of the lot is used on record than came in on record. */
const isShort = ({ truth, counted }: Scene, lot: number, came: number, more = 0): boolean =>
  !counted.has(lot) && usedOf(truth, lot) + more > came;

/** An input of a run that a supplier sent, and which of the lines it is. */
const purchased = (act: Act, { truth, random }: Scene): { line: Line; n: number } | undefined => {
  if (act.verb !== 'run' || (act.outputs ?? []).length === 0) return undefined;
  const found = act.lines.flatMap((line, n) => (truth.lots.get(line.lot).supplier === undefined ? [] : [{ line, n }]));
  return found.length === 0 ? undefined : random.pick(found);
};

const receivedOf = ({ truth }: Scene, lot: number): number =>
  truth.book.accounts(lot).reduce((sum, { amount }) => sum - Math.min(0, amount), 0);

const missing: Maker = (act, scene) => {
  const { truth } = scene;
  if (isPlain(act)) {
    const lots = act.lines.map(({ lot }) => lot);
    return {
      ...{ acts: [], what: 'the receipt was never reported', lots },
      shows: () => lots.flatMap((lot) => (isShort(scene, lot, 0) ? show(truth, [lot], 'over-used') : [])),
    };
  }
  if (act.verb !== 'run' || act.runKind !== 'production') return undefined;
  const outputs = (act.outputs ?? []).map(({ lot }) => lot);
  // A run that is reported in two parts is half known, and a tank is filled by others too.
  if (
    outputs.length === 0 ||
    act.lines.length === 0 ||
    (act.outputs ?? []).some((line) => line.production === undefined)
  )
    return undefined;
  return {
    ...{ acts: [], what: 'the run was never reported', lots: [...outputs, ...act.lines.map(({ lot }) => lot)] },
    shows: () =>
      outputs.flatMap((lot) =>
        !scene.counted.has(lot) && leftOf(truth, lot) > 0 ? show(truth, [lot], 'over-used') : [],
      ),
  };
};

const quantity: Maker = (act, scene) => {
  const { truth } = scene;
  if (isPlain(act)) {
    const [line] = act.lines as [Line];
    const typed = scene.random.chance(0.7) ? Math.floor(line.amount / 10) : line.amount * 10;
    return {
      acts: [{ ...act, lines: [{ ...line, amount: typed }] }],
      ...{ what: 'the amount received has a digit too many or too few', lots: [line.lot] },
      shows: () => (isShort(scene, line.lot, typed) ? show(truth, [line.lot], 'over-used') : []),
    };
  }
  const input = purchased(act, scene);
  if (input === undefined) return undefined;
  const { line, n } = input;
  return {
    acts: [{ ...act, lines: lineAt(act.lines, n, { amount: line.amount * 10 }) }],
    ...{ what: 'the amount used has a digit too many', lots: [line.lot] },
    shows: () =>
      isShort(scene, line.lot, receivedOf(scene, line.lot), line.amount * 9)
        ? show(truth, [line.lot], 'over-used')
        : [],
  };
};

const lot: Maker = (act, scene) => {
  const { truth } = scene;
  const input = purchased(act, scene);
  if (input === undefined) return undefined;
  const { line, n } = input;
  const other = scene.random.chance(0.5) ? scene.otherLot(line) : undefined;
  if (other !== undefined)
    return {
      acts: [{ ...act, lines: lineAt(act.lines, n, { code: truth.lots.codeOf(other) }) }],
      ...{ what: 'another lot of the same item was named', lots: [line.lot, other] },
      shows: () => [],
    };
  const code = `${line.code.slice(0, -1)}-${line.code.slice(-1)}`;
  const nobodys = truth.lots.idOf(line.lot).replace(line.code, code);
  return {
    acts: [{ ...act, lines: lineAt(act.lines, n, { code }) }],
    ...{ what: 'a lot was named that nobody ever had', lots: [line.lot] },
    shows: () => [{ lot: nobodys, kinds: ['over-used'] }],
  };
};

const date: Maker = (act, { truth, random }) => {
  if (isPlain(act)) {
    const [line] = act.lines as [Line];
    const early = random.chance(0.7);
    const expiry = early ? dayOf(act.at) - 3 : (line.expiry ?? 0) + 31;
    // Nothing is produced after it expires.
    const production = Math.min(line.production ?? expiry, expiry - 1);
    return {
      acts: [{ ...act, lines: [{ ...line, expiry, production }] }],
      ...{ what: 'the expiry date is of another month', lots: [line.lot] },
      shows: () =>
        early && truth.book.balance(line.lot, CONSUMED) > 0 ? show(truth, [line.lot], 'used-after-expiry') : [],
    };
  }
  const outputs = act.outputs ?? [];
  if (act.verb !== 'run' || outputs.length === 0 || outputs.some((line) => line.production === undefined))
    return undefined;
  const lots = outputs.map((line) => line.lot);
  return {
    acts: [{ ...act, outputs: outputs.map((line) => ({ ...line, production: dayOf(act.at) + 30 })) }],
    ...{ what: 'the production date is of the next month', lots },
    shows: () => show(truth, lots, 'dates-contradict'),
  };
};

const place: Maker = (act, scene) => {
  const { truth } = scene;
  const n = purchased(act, scene);
  // What the wholesaler never had was used at the wholesaler's.
  if (n === undefined || act.outputs?.some(({ lot }) => truth.book.balance(lot, at(truth.world.depot)) !== 0))
    return undefined;
  const taken = act.lines.flatMap(({ lot }) => (truth.lots.get(lot).supplier === undefined ? [] : [lot]));
  return {
    acts: [{ ...act, place: truth.world.depot, other: truth.world.depot }],
    what: 'the run is said to have been at the depot',
    lots: [...act.lines, ...(act.outputs ?? [])].map(({ lot }) => lot),
    shows: () =>
      taken.flatMap((lot) => (scene.counted.has(lot) ? [] : show(truth, [lot], 'over-used', 'movement-not-recorded'))),
  };
};

const unit: Maker = (act, scene) => {
  const { truth } = scene;
  if (isPlain(act)) {
    const [line] = act.lines as [Line];
    if (line.unit !== 'KGM') return undefined;
    return {
      acts: [{ ...act, lines: [{ ...line, unit: 'GRM' }] }],
      ...{ what: 'grams instead of kilograms', lots: [line.lot] },
      shows: () => (isShort(scene, line.lot, line.amount / 1000) ? show(truth, [line.lot], 'over-used') : []),
    };
  }
  const input = purchased(act, scene);
  if (input?.line.unit !== 'KGM') return undefined;
  const { line, n } = input;
  return {
    acts: [{ ...act, lines: lineAt(act.lines, n, { unit: 'LTR' }) }],
    ...{ what: 'litres instead of kilograms', lots: [line.lot, ...(act.outputs ?? []).map(({ lot }) => lot)] },
    shows: () => show(truth, [line.lot], 'unit-mismatch'),
  };
};

/** A second report of one receipt: a scanner that fired twice, or two clerks on one day. */
const secondReport: Maker = (act, { truth, random }) => {
  if (!isPlain(act)) return undefined;
  const [line] = act.lines as [Line];
  const twice = random.chance(0.5);
  const again = { ...act, again: 1, at: act.at + (twice ? 400 : random.int(1, 5) * HOUR) };
  return {
    ...{ acts: [act, again], events: [eventId(truth.world, again)], lots: [line.lot] },
    what: twice ? 'the scanner fired twice' : 'the receipt was entered a second time',
    shows: () => (twice ? show(truth, [line.lot], 'suspected-duplicate') : []),
  };
};

/** Entered wrongly, voided, entered again under a new id. */
const corrected: Maker = (act, { truth, random }) => {
  const [line] = act.lines;
  if ((act.verb !== 'receive' && act.verb !== 'scrap' && act.verb !== 'run') || line === undefined) return undefined;
  const wrong = { ...act, lines: lineAt(act.lines, 0, { amount: line.amount * 3 }) };
  return {
    acts: [wrong, { ...wrong, voidedAt: act.at + random.int(1, 40) * HOUR }, { ...act, again: 1 }],
    ...{ what: 'entered wrongly, voided and entered anew', lots: [], events: [eventId(truth.world, act)] },
    shows: () => [],
  };
};

/** Makers give undefined for an act that cannot go wrong in their way, or of which it could not be said what follows. */
export const WRONG: Readonly<Partial<Record<ErrorKind, Maker>>> = {
  ...{ missing, quantity, lot, date, place, unit, corrected },
  'second-report': secondReport,
};

/** How long a report may be under way. */
export const LATEST = 3 * DAY;
