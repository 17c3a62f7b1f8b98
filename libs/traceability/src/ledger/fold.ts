import { measure, ZERO } from '#kernel';
import type { Happening, MasterData, Thing, Verb } from '../happening.js';
import { make, observe, receive } from './arrivals.js';
import { causeOf, discrepanciesOf, find, type Book } from './book.js';
import { judgeCode, judgeOrder, judgeUnits, judgeUses } from './conditions.js';
import { count } from './count.js';
import { datesContradict } from './dates.js';
import { inLedgerOrder } from './order.js';
import { pack, unpack } from './packing.js';
import { geography } from './places.js';
import { readLedger } from './read.js';
import { settle } from './settle.js';
import type { Discrepancy, FoldOptions, LotLedger } from './types.js';
import { unitBook } from './unit-book.js';
import { withGoods } from './with-goods.js';
import { consume, scrap, sell, ship, unship } from './uses.js';

const serialsOf = (lot: string, happenings: readonly Happening[]): Set<string> => {
  const ids = new Set<string>();
  const look = (t: Thing): void => {
    if (t.kind === 'serial' && t.lot === lot && t.id !== lot) ids.add(t.id);
  };
  for (const h of happenings) {
    h.things.forEach(look);
    h.outputs?.forEach(look);
  }
  return ids;
};

const book = (lot: string, ordered: readonly Happening[], master: MasterData): Book => {
  const geo = geography(master);
  return {
    lot,
    geo,
    units: unitBook(ordered, geo),
    serials: serialsOf(lot, ordered),
    placed: new Set(),
    stocks: new Map(),
    entries: [],
    legs: [],
    moves: new Map(),
    findings: new Map(),
    sources: [],
    consumptions: [],
    uses: [],
    index: -1,
    lastReceived: new Map(),
    early: [],
    madeByLot: ZERO,
    madeBySerial: ZERO,
  };
};

const nothing = (): void => undefined;

/** The table of docs/ledger.md. */
const ROWS: Record<Verb, (b: Book, h: Happening) => void> = {
  make: (b, h) => {
    make(b, h, h.things);
  },
  receive,
  ship,
  unship,
  observe,
  count,
  consume: (b, h) => {
    consume(b, h, h.things);
  },
  sell,
  scrap,
  pack,
  contain: pack,
  unpack,
  transform: (b, h) => {
    consume(b, h, h.things);
    make(b, h, h.outputs ?? []);
  },
  hold: nothing,
  lift: nothing,
  dates: nothing,
  note: nothing,
};

const watchTotals = (b: Book, h: Happening): void => {
  for (const stock of b.stocks.values()) {
    const { lowest, net } = stock;
    if (net.lt(0) && (lowest === undefined || net.lt(lowest.value)))
      stock.lowest = {
        value: net,
        event: h.id,
        time: lowest?.time ?? h.time.key,
        firstEvent: lowest?.firstEvent ?? h.id,
      };
  }
};

/** An item without lot: nothing is booked, the amounts are said. */
const notStated = (b: Book, h: Happening): void => {
  const place = h.bizLocation ?? h.readPoint ?? null;
  for (const { kind, id, amount } of [...h.things, ...(h.outputs ?? [])])
    if (kind === 'pool' && id === b.lot)
      find(b, 'lot-not-stated', causeOf(h), { place, ...(amount && measure(amount.value, amount.unit)) });
};

const inOrder = (a: Discrepancy, b: Discrepancy): number =>
  a.time < b.time ? -1 : a.time > b.time ? 1 : a.key < b.key ? -1 : a.key > b.key ? 1 : 0;

/**
 * The ledger of one lot: a fold over its facts in ledger order, settled as of the reading. Pure: the same facts in any order
 * give the same ledger.
 * @param lot canonical id of a lot or a serial; of a pool (an item without lot) nothing is booked, only `lot-not-stated`.
 * @param happenings all effective happenings (see `effective`) that name the lot, a serial of it or a unit (nested too)
 *   that ever held it, in any order.
 */
export const foldLot = (
  lot: string,
  happenings: readonly Happening[],
  master: MasterData,
  options: FoldOptions = {},
): LotLedger => {
  const { readAt, inputProduction } = options;
  const upTo = readAt === undefined ? happenings : happenings.filter((h) => h.time.key <= readAt);
  const ordered = withGoods(upTo).sort(inLedgerOrder);
  const b = book(lot, ordered, master);
  ordered.forEach((h, i) => {
    b.index = i;
    ROWS[h.verb](b, h);
    b.units.apply(h);
    watchTotals(b, h);
    notStated(b, h);
  });
  settle(b);
  judgeUses(b, ordered, master);
  judgeUnits(b);
  judgeOrder(b);
  judgeCode(b);
  const contradiction = datesContradict(lot, ordered, inputProduction, new Set(b.uses.map((u) => u.h)));
  const discrepancies = [...discrepanciesOf(b), ...(contradiction ? [contradiction] : [])].sort(inOrder);
  return { ...readLedger(b), discrepancies };
};
