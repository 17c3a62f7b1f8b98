import { column } from './column.js';

/** How much of each lot stands in which of its accounts, in thousandths. */
export interface Book {
  /** @param amount above zero: `from` is lowered by it, `to` raised. */
  move(lot: number, from: number, to: number, amount: number): void;
  balance(lot: number, account: number): number;
  /** Every account that ever held anything of the lot; sources are below zero, all of them sum to zero. */
  accounts(lot: number): { account: number; amount: number }[];
}

/** A chain of rows for each lot: most have a handful, and there may be millions of lots. */
export const bookOf = (): Book => {
  const [first, next, account, amount] = [column('int32'), column('int32'), column('int32'), column('float64')];
  const firstOf = (lot: number): number => (lot < first.length ? first.get(lot) : -1);
  const rowOf = (lot: number, wanted: number): number => {
    let row = firstOf(lot);
    while (row >= 0 && account.get(row) !== wanted) row = next.get(row);
    return row;
  };
  const post = (lot: number, to: number, value: number): void => {
    const row = rowOf(lot, to);
    if (row >= 0) {
      amount.add(row, value);
      return;
    }
    while (first.length <= lot) first.push(-1);
    account.push(to);
    next.push(first.get(lot));
    first.set(lot, amount.push(value));
  };
  return {
    move: (lot, from, to, value) => {
      if (!(value > 0)) throw new RangeError(`${value} of lot ${lot} cannot be moved`);
      post(lot, from, -value);
      post(lot, to, value);
    },
    balance: (lot, of) => {
      const row = rowOf(lot, of);
      return row < 0 ? 0 : amount.get(row);
    },
    accounts: (lot) => {
      const rows: { account: number; amount: number }[] = [];
      for (let row = firstOf(lot); row >= 0; row = next.get(row))
        rows.push({ account: account.get(row), amount: amount.get(row) });
      return rows.sort((a, b) => a.account - b.account);
    },
  };
};
