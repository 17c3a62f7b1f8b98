import { isPositive } from './positive.js';
import { ZERO, amountOf, type Amount, type Decimal } from '#kernel';
import type { Book } from './book.js';
import { allStocks } from './book.js';
import { readLeg } from './legs.js';
import type { Account, AccountBalance, Balance, LotLedger } from './types.js';

const text = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const balancesOf = (b: Book): Balance[] =>
  allStocks(b)
    .flatMap((stock) =>
      [...stock.live]
        .filter((h) => h.kind === 'place')
        .map((h): Balance => {
          const party = b.geo.party(h.at);
          return {
            place: h.at,
            ...(h.unit !== undefined && { unit: h.unit }),
            ...(party !== undefined && { party }),
            dimension: stock.dimension,
            value: h.total,
            received: h.portions.reduce((sum, p) => (p.receivedBy === undefined ? sum : sum.plus(p.value)), ZERO),
          };
        }),
    )
    .sort(
      (x, y) =>
        text(x.dimension, y.dimension) || text(x.place ?? '', y.place ?? '') || text(x.unit ?? '', y.unit ?? ''),
    );

/** Every account from the entries alone: what came in less what went out. */
const accountsOf = (b: Book): AccountBalance[] => {
  const accounts = new Map<string, AccountBalance>();
  const add = (account: Account, dimension: string, value: Decimal): void => {
    const where = account.kind === 'place' ? account.place : account.kind === 'shipped' ? account.to : '';
    const unit = 'unit' in account ? account.unit : undefined;
    const key = JSON.stringify([dimension, account.kind, where, unit ?? '']);
    const known = accounts.get(key);
    if (known) known.value = known.value.plus(value);
    else accounts.set(key, { account, dimension, value });
  };
  for (const e of b.entries) {
    add(e.from, e.dimension, e.value.times(-1));
    add(e.to, e.dimension, e.value);
  }
  return [...accounts.entries()]
    .sort(([x], [y]) => text(x, y))
    .map(([, account]) => account)
    .filter((a) => !a.value.eq(0));
};

const madeOf = (b: Book): Amount[] =>
  allStocks(b).flatMap(({ dimension }) => {
    const sum = b.sources.reduce(
      (total, s) => (s.kind === 'made' && s.dimension === dimension ? total.plus(s.value) : total),
      ZERO,
    );
    return isPositive(sum) ? [amountOf(sum, dimension)] : [];
  });

/** What the fold wrote, in its published form. */
export const readLedger = (b: Book): Omit<LotLedger, 'discrepancies'> => ({
  lot: b.lot,
  entries: b.entries,
  balances: balancesOf(b),
  accounts: accountsOf(b),
  made: madeOf(b),
  sources: b.sources,
  consumptions: b.consumptions,
  shipments: b.legs.filter((leg) => isPositive(leg.value)).map(readLeg),
  inferredMoves: [...b.moves.values()].filter((m) => isPositive(m.value)),
});
