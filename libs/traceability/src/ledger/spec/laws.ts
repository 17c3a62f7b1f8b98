import { expect } from '@jest/globals';
import { ZERO, type Decimal } from '#kernel';
import type { Account, LotLedger } from '../types.js';

const SOURCES = new Set(['made', 'outside', 'unexplained', 'adjusted']);

const name = (a: Account): string =>
  a.kind === 'place'
    ? `place ${a.place} ${a.unit ?? ''}`
    : a.kind === 'shipped'
      ? `shipped ${a.to} ${a.unit ?? ''}`
      : a.kind;

/** What each account holds, from the entries alone. */
const balanceOf = (ledger: LotLedger): Map<string, Decimal> => {
  const sums = new Map<string, Decimal>();
  for (const e of ledger.entries)
    for (const [account, sign] of [
      [e.from, -1],
      [e.to, 1],
    ] as const) {
      const key = `${e.dimension} ${name(account)}`;
      sums.set(key, (sums.get(key) ?? ZERO).plus(e.value.times(sign)));
    }
  return sums;
};

const sum = (values: Iterable<Decimal>): Decimal => [...values].reduce((total, v) => total.plus(v), ZERO);

/** The proof obligations of docs/ledger.md, for a ledger as read. */
export const expectLaws = (ledger: LotLedger): void => {
  const balances = balanceOf(ledger);
  for (const e of ledger.entries) if (!e.value.gt(0)) throw new Error(`entry ${e.seq} is not above zero`);
  const dimensions = new Set(ledger.entries.map((e) => e.dimension));

  for (const dimension of dimensions) {
    const of = ledger.accounts.filter((a) => a.dimension === dimension);
    expect(sum(of.map((a) => a.value)).toFixed()).toBe('0');
    const unexplained = sum(of.filter((a) => a.account.kind === 'unexplained').map((a) => a.value.times(-1)));
    const unit = { mass: 'KGM', count: 'EA' }[dimension];
    const open = ledger.discrepancies.filter((d) => d.kind === 'over-used' && d.amount?.unit === unit);
    expect(unexplained.toFixed()).toBe(sum(open.map((d) => ZERO.plus(d.amount?.value ?? 0))).toFixed());
  }

  // No account but the sources is below zero, and every account and balance is what the entries add up to.
  const stated = new Map(ledger.accounts.map((a) => [`${a.dimension} ${name(a.account)}`, a.value]));
  for (const [key, value] of balances)
    expect(`${key} ${stated.get(key)?.toFixed() ?? 0}`).toBe(`${key} ${value.toFixed()}`);
  for (const a of ledger.accounts)
    if (!SOURCES.has(a.account.kind) && a.value.lt(0)) throw new Error(`${name(a.account)} is below zero`);
  const onHand = ledger.accounts.filter((a) => a.account.kind === 'place');
  expect(ledger.balances.length).toBe(onHand.length);
  for (const b of ledger.balances) {
    const { unit, place, dimension } = b;
    const key = `${dimension} ${name({ kind: 'place', place, ...(unit !== undefined && { unit }) })}`;
    expect(`${key} ${b.value.toFixed()}`).toBe(`${key} ${balances.get(key)?.toFixed()}`);
    expect(b.received.lte(b.value)).toBe(true);
  }

  // Shipments say no more than was shipped.
  for (const leg of ledger.shipments) {
    expect(leg.value.gt(0)).toBe(true);
    expect(leg.outstanding.gte(0) && leg.outstanding.lte(leg.value)).toBe(true);
  }
  expect(new Set(ledger.discrepancies.map((d) => d.key)).size).toBe(ledger.discrepancies.length);
};
