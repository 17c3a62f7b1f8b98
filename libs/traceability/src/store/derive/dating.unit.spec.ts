import { describe, expect, it } from '@jest/globals';
import { daysAfter } from '../../ledger/index.js';
import { type Dating, inheritDates } from './dating.js';

const own = (expiry?: string, kind: string | null = null): Dating => ({
  ...{ own: expiry === undefined ? {} : { expiry }, inherits: false, inputs: [], of: null, kind },
});
const heir = (...inputs: string[]): Dating => ({ own: {}, inherits: true, inputs, of: null, kind: null });

describe('output dates', () => {
  it('count days over the ends of months and leap years', () => {
    expect(daysAfter('2024-02-01', 28)).toBe('2024-02-29');
    expect(daysAfter('2026-12-31', 1)).toBe('2027-01-01');
  });

  it('are the earliest of everything upstream that inheritance reaches', () => {
    const datings = new Map([
      ['milk', own('2026-05-02')],
      ['mix', heir('milk', 'sugar')],
      ['yoghurt', heir('mix', 'fruit')],
    ]);
    const dates = inheritDates(
      datings,
      new Map([['fruit', { dates: { expiry: '2026-04-30', bestBefore: '2026-04-01' }, kind: null }]]),
    );
    expect(dates.get('mix')).toEqual({ expiry: '2026-05-02' });
    expect(dates.get('yoghurt')).toEqual({ expiry: '2026-04-30', bestBefore: '2026-04-01' });
  });

  it('stated of the lot itself are not touched by its inputs', () => {
    const dates = inheritDates(
      new Map<string, Dating>([['mix', { ...heir('milk'), own: { expiry: '2026-06-01' } }]]),
      new Map([['milk', { dates: { expiry: '2026-05-02' }, kind: null }]]),
    );
    expect(dates.get('mix')).toEqual({ expiry: '2026-06-01' });
  });

  it('are the earliest of the inputs of a class alone where the rule says so, of inputs of unknown class too', () => {
    const mixed = (of: string[]): string | undefined =>
      inheritDates(
        new Map<string, Dating>([
          ['label', own('2025-01-01', 'packaging')],
          ['milk', own('2026-05-02', 'ingredient')],
          ['yoghurt', { ...heir('label', 'milk', 'fruit', 'odd'), of }],
        ]),
        new Map([
          ['fruit', { dates: { expiry: '2026-04-30' }, kind: 'raw-material' }],
          ['odd', { dates: { expiry: '2026-12-31' }, kind: null }],
        ]),
      ).get('yoghurt')?.expiry;
    expect([
      mixed(['ingredient']),
      mixed(['raw-material']),
      mixed(['packaging', 'ingredient']),
      mixed(['waste']),
    ]).toEqual(['2026-05-02', '2026-04-30', '2025-01-01', '2026-12-31']);
  });

  it('in a loop of rework come from outside it, and go when nothing states them any more', () => {
    const loop = (milk: Dating): Map<string, Dating> =>
      new Map([
        ['milk', milk],
        ['a', heir('milk', 'b')],
        ['b', heir('a')],
      ]);
    expect(inheritDates(loop(own('2026-05-02')), new Map()).get('b')).toEqual({ expiry: '2026-05-02' });
    expect(inheritDates(loop(own()), new Map()).get('b')).toEqual({});
  });
});
