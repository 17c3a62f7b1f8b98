import { isPositive } from './positive.js';
import type { Decimal } from '#kernel';
import { accountOf, allStocks, betweenParties, find, inferMove, post, type Book } from './book.js';
import { arriveOn, isDestination } from './legs.js';
import type { PlaceId } from './places.js';
import { draw, here, payDebt, type Debt, type Holding, type Piece, type Stock, type Tier } from './stock.js';
import {
  anyPlace,
  elsewhere,
  inUnitOnly,
  placesOf,
  shippedTo,
  shippedToParty,
  unreceived,
  whereverItIs,
  withinSite,
} from './tiers.js';

const pay = (b: Book, stock: Stock, owing: Holding, debt: Debt, pieces: readonly Piece[]): void => {
  const place = owing.at;
  const { dimension } = stock;
  for (const { from, portion } of pieces) {
    const { value, leg, landed } = portion;
    const here = from.kind === 'place' && from.at === place;
    const packed = from.unit !== undefined && from.unit !== owing.unit && !b.serials.has(from.unit);
    const origin = from.kind === 'place' ? from.at : (leg?.from ?? null);
    const takenBack = debt.cause === 'claim' && (here || from === debt.into);
    const recorded = takenBack || (from.kind === 'place' && (place === null || b.geo.sameSite(from.at, place)));
    const flag = takenBack
      ? 'claim-unsupported'
      : here
        ? packed
          ? 'unpack-not-recorded'
          : 'pack-not-recorded'
        : recorded
          ? 'within-site'
          : 'movement-not-recorded';
    post(b, debt, accountOf(from), accountOf(owing), value, dimension, flag);
    if (!recorded)
      find(b, 'movement-not-recorded', debt, { place, from: from.at, unit: owing.unit ?? from.unit, dimension, value });
    if (packed && debt.cause === 'use')
      find(b, 'unpack-not-recorded', debt, { place: from.at, unit: from.unit, dimension, value });
    const arrived = leg !== undefined && isDestination(b.geo, leg, place, b.geo.party(place));
    if (leg !== undefined && arrived && landed !== true)
      arriveOn(leg, { event: debt.event, time: debt.time, place, value, how: 'inferred' }, true);
    if (!recorded && !arrived && betweenParties(b, origin, place))
      inferMove(b, debt, 'used', { from: origin, to: place, dimension, value, unit: owing.unit });
    payDebt(owing, debt, value);
  }
};

const nearby = (b: Book, place: PlaceId): Tier[] => {
  const party = b.geo.party(place);
  return place === null
    ? [elsewhere(place)]
    : [shippedTo(place), shippedToParty(b, place, party), withinSite(b, place), placesOf(b, place, [party])];
};

/** What a departure sent out is no explanation of where it came from, wherever it is by now. */
const notByItself = (tiers: readonly Tier[], debt: Debt): Tier[] =>
  tiers.map((tier) => ({
    ...tier,
    portion: (p, h) => p.leg?.departure !== debt.event && p.sentBy !== debt.event && (tier.portion?.(p, h) ?? true),
  }));

const settleOne = (b: Book, stock: Stock, owing: Holding, debt: Debt): void => {
  const place = owing.at;
  const pull = (tiers: readonly Tier[], among?: () => Iterable<Holding>): void => {
    if (!isPositive(debt.value)) return;
    pay(b, stock, owing, debt, draw(stock, debt.value, notByItself(tiers, debt), among).pieces);
  };
  const { unit } = owing;
  // The unit itself was there: its own contents are meant, whoever received them.
  if (unit !== undefined) pull(inUnitOnly(unit, whereverItIs(b, place)), () => stock.byUnit.get(unit) ?? []);
  if (debt.cause === 'use') pull([anyPlace], here(stock, place));
  pull([...nearby(b, place), unreceived]);
  if (debt.cause === 'claim') {
    const { into } = debt;
    if (into !== undefined) pull([anyPlace], () => [into]);
    pull([anyPlace], here(stock, place));
  }
  if (!isPositive(debt.value)) return;
  const lacking: Decimal = debt.value;
  post(b, debt, { kind: 'unexplained' }, accountOf(owing), lacking, stock.dimension, 'over-used');
  find(b, 'over-used', debt, { place, unit: owing.unit, dimension: stock.dimension, value: lacking });
  payDebt(owing, debt, lacking);
};

/**
 * Settles what is below zero when the ledger is read: from what was shipped to the place or its party, within the site, the
 * party, then from unreceived stock anywhere, oldest first; what still lacks is over-used, from *unexplained*. Uses are
 * settled before claims (lists of contents and moves nothing supports, which are taken back), each in the order in which they happened.
 */
export const settle = (b: Book): void => {
  for (const stock of allStocks(b)) {
    const owed = [...stock.holdings.values()]
      .flatMap((owing) => owing.debts.map((debt) => ({ owing, debt })))
      .sort(
        (x, y) => Number(x.debt.cause === 'claim') - Number(y.debt.cause === 'claim') || x.debt.order - y.debt.order,
      );
    for (const { owing, debt } of owed) settleOne(b, stock, owing, debt);
  }
};
