import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decimal, ZERO, type Decimal } from '#kernel';
import { foldLot, geography, type Entry } from '#traceability';
import {
  LOT,
  randomHappenings,
  randomMaster as master,
} from '../../../../libs/traceability/src/ledger/spec/random-happenings.js';
import { minute } from '../../../../libs/traceability/src/ledger/spec/builders.js';
import { figureTexts, figuresOf, INS, OUTS, type Figures, type SiteWindow } from './figures.js';

const map = geography(master);
const between =
  (opens: string, closes: string) =>
  (place: string): SiteWindow => ({ site: map.site(place) ?? '', opens, closes });
const ALWAYS = ['', '~'] as const;

const entry = (from: Entry['from'], to: Entry['to'], value: string, time: string): Entry => ({
  ...{ seq: 1, time, from, to, value: decimal(value), dimension: 'mass', events: [] },
});
const at = (place: string): Entry['from'] => ({ kind: 'place', place });

/** What is on hand at each site by the entries before a time, told without the figures. */
const onHand = (entries: readonly Entry[], before: string): Map<string, Decimal> => {
  const sums = new Map<string, Decimal>();
  for (const e of entries.filter(({ time }) => time < before))
    for (const [account, sign] of [
      [e.from, -1],
      [e.to, 1],
    ] as const) {
      if (account.kind !== 'place') continue;
      const key = JSON.stringify([map.site(account.place ?? ''), e.dimension]);
      sums.set(key, (sums.get(key) ?? ZERO).plus(e.value.times(sign)));
    }
  return sums;
};

const adds = (f: Figures): Decimal => {
  const ins = INS.reduce((sum, name) => sum.plus(f[name]), f.opening);
  return OUTS.reduce((sum, name) => sum.minus(f[name]), ins);
};

describe('the figures of a period', () => {
  it('count what crossed the border of the site, by what was on the other side', () => {
    const entries = [
      entry({ kind: 'outside' }, at('A1'), '100', '1'),
      entry(at('A1'), at('A2'), '50', '2'), // one site
      entry(at('A1'), at('B1'), '30', '2'),
      entry(at('A2'), { kind: 'consumed' }, '20', '3'),
      entry(at('A2'), { kind: 'adjusted' }, '1', '3'),
      entry(at('B1'), { kind: 'shipped', to: 'C' }, '10', '4'),
      entry({ kind: 'shipped', to: 'C' }, at('B1'), '4', '4'),
      entry(at('A1'), { kind: 'outside' }, '5', '4'),
      entry({ kind: 'unexplained' }, at('A1'), '2', '5'),
      entry(at('A1'), { kind: 'sold' }, '3', '9'),
    ];
    const found = figuresOf(entries, between('2', '6'));
    const told = (site: string): object =>
      Object.fromEntries(
        Object.entries(figureTexts(found.get(JSON.stringify([site, 'mass']))!.figures)).filter(([, v]) => v !== '0'),
      );
    expect([...found.keys()]).toHaveLength(2);
    expect(told('A')).toEqual({
      ...{ opening: '100', movedOut: '30', consumed: '20', adjusted: '-1', received: '-5', unexplained: '2' },
      closing: '46',
    });
    expect(told('B')).toEqual({ movedIn: '30', shipped: '10', arrived: '4', closing: '24' });
  });

  it('add up exactly, to what the entries leave on hand, for any facts and any period', () => {
    const minutes = fc.integer({ min: 0, max: 160 });
    fc.assert(
      fc.property(randomHappenings({ max: 30, serials: true }), minutes, minutes, (happenings, a, b) => {
        const { entries } = foldLot(LOT, happenings, master);
        const [opens, closes] = [minute(Math.min(a, b)).key, minute(Math.max(a, b)).key];
        const found = figuresOf(entries, between(opens, closes));
        const [before, after] = [onHand(entries, opens), onHand(entries, closes)];
        for (const [key, { figures }] of found) {
          expect(adds(figures).toFixed()).toBe(figures.closing.toFixed());
          expect(figures.opening.toFixed()).toBe((before.get(key) ?? ZERO).toFixed());
          expect(figures.closing.toFixed()).toBe((after.get(key) ?? ZERO).toFixed());
        }
        for (const [key, value] of after) expect(found.has(key) || value.eq(0)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('of periods that follow each other make those of both', () => {
    const minutes = fc.array(fc.integer({ min: 0, max: 160 }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(randomHappenings({ max: 30, serials: true }), minutes, (happenings, times) => {
        const { entries } = foldLot(LOT, happenings, master);
        const [a, b, c] = times.sort((x, y) => x - y).map((n) => minute(n).key) as [string, string, string];
        const [first, second, both] = [between(a, b), between(b, c), between(a, c)].map((w) => figuresOf(entries, w));
        for (const [key, { figures }] of both!) {
          const parts = [first!.get(key)?.figures, second!.get(key)?.figures];
          for (const name of [...INS, ...OUTS])
            expect(figures[name].toFixed()).toBe(
              parts.reduce((sum, part) => sum.plus(part?.[name] ?? ZERO), ZERO).toFixed(),
            );
          expect(second!.get(key)?.figures.opening.toFixed() ?? '0').toBe(
            (first!.get(key)?.figures.closing ?? ZERO).toFixed(),
          );
        }
      }),
      { numRuns: 150 },
    );
  });

  it('of all time close with the balances of the ledger', () => {
    fc.assert(
      fc.property(randomHappenings({ max: 30, serials: true }), (happenings) => {
        const { entries, balances } = foldLot(LOT, happenings, master);
        for (const { site, dimension, figures } of figuresOf(entries, between(...ALWAYS)).values()) {
          const there = balances.filter((b) => b.dimension === dimension && (map.site(b.place) ?? '') === site);
          expect(figures.closing.toFixed()).toBe(there.reduce((sum, b) => sum.plus(b.value), ZERO).toFixed());
          expect(figures.opening.toFixed()).toBe('0');
        }
      }),
      { numRuns: 150 },
    );
  });
});
