import type { Decimal } from '#kernel';
import type { LotLedger } from '../types.js';
import type { NaiveLedger } from './naive-ledger.js';

const COMPARED = new Set([
  'movement-not-recorded',
  'over-used',
  'unpack-not-recorded',
  'quantity-assumed',
  'out-of-order',
]);
const UNITS: Record<string, string> = { KGM: 'mass', EA: 'count' };

/** Whole grams or pieces. */
const whole = (value: Decimal, dimension: string): number =>
  Number(value.times(dimension === 'mass' ? 1000 : 1).toFixed());

/** A ledger in the words of the oracle. */
export const readAsNaive = (ledger: LotLedger): NaiveLedger => ({
  onHand: ledger.balances
    .map((b) => {
      const [n, r] = [whole(b.value, b.dimension), whole(b.received, b.dimension)];
      return `${b.dimension} ${b.place} ${b.unit ?? ''} = ${n} (${r})`;
    })
    .sort(),
  accounts: ledger.accounts
    .filter((a) => a.account.kind !== 'place')
    .map(({ account, dimension, value }) => {
      const name = account.kind === 'shipped' ? `shipped ${account.to} ${account.unit ?? ''}` : account.kind;
      return `${dimension} ${name} = ${whole(value, dimension)}`;
    })
    .sort(),
  findings: ledger.discrepancies
    .filter((d) => COMPARED.has(d.kind))
    .map((d) => {
      const amount = d.amount;
      const factor = amount?.unit === 'KGM' ? 1000 : 1;
      const n = amount === undefined ? 0 : Math.round(Number(amount.value) * factor);
      const dimension = amount === undefined ? '' : (UNITS[amount.unit] ?? amount.unit);
      return `${[d.kind, d.events.join('+'), d.place ?? '', d.from ?? '', d.unit ?? '', dimension].join(' ')} = ${n}`;
    })
    .sort(),
  legs: ledger.shipments
    .map((s) => {
      const act = s.departure ?? `arrival ${s.arrivals[0]?.event}`;
      return `${act} ${s.unit ?? ''} ${s.dimension} = ${whole(s.value, s.dimension)} (${whole(s.outstanding, s.dimension)})`;
    })
    .sort(),
});
