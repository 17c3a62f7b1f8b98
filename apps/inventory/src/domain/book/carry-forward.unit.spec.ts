import { describe, expect, it } from '@jest/globals';
import { AllocationReleased, decided, StockAllocated, StockIssued, type LookedAt } from '#contracts';
import type { BookEvent } from './book.js';
import { emptyBook } from './book.js';
import { carryForward } from './carry-forward.js';
import { foldBook } from './evolve.js';

const LOT = 'https://id.gs1.org/01/09506000134352/10/A';
const NOW = '2026-04-20T10:00:00Z';
const at = { lot: LOT, place: 'urn:p:1' };
const lines = [{ ...at, amount: { value: '10', unit: 'KGM' } }];

const chosen = (n: number): BookEvent =>
  decided(StockAllocated, NOW, {
    ...{ allocation: `A-${n}`, for: `order:${n}`, lines, neededOn: '2026-04-20', knownAt: '1' },
    explained: Array.from({ length: 51 }, (_, i): LookedAt => ({
      lot: `${LOT}${i}`,
      place: at.place,
      why: 'use by 2026-04-25; all of it is promised',
      line: 0,
      outcome: 'passed-over',
      code: 'lot-promised',
    })),
    passedOverBesides: 7,
  });
const released = (n: number): BookEvent => decided(AllocationReleased, NOW, { allocation: `A-${n}` });
const issued = (n: number, value: string): BookEvent =>
  decided(StockIssued, NOW, {
    ...{ reference: `order:${n}`, attempt: 1, allocations: [`A-${n}`], knownAt: '1' },
    lines: [{ ...at, amount: { value, unit: 'KGM' } }],
  });

describe('what is carried forward', () => {
  it('says why lots were chosen of what is promised still, and of nothing else', () => {
    const book = foldBook(emptyBook(), [
      ...[1, 2, 3, 4].map(chosen),
      ...[released(1), issued(2, '10'), issued(3, '4')],
    ]);
    const { allocations } = carryForward(book, NOW).data;
    const told = allocations.map(({ explained, passedOverBesides }) => [explained.length, passedOverBesides]);
    expect(told).toEqual([
      [0, undefined],
      [0, undefined],
      [51, 7],
      [51, 7],
    ]);
  });

  it('of a hot book stays below the least that a log takes', () => {
    const events = Array.from({ length: 1_000 }, (_, n) => [chosen(n), n % 2 === 0 ? issued(n, '10') : released(n)]);
    const { data } = carryForward(foldBook(emptyBook(), events.flat()), NOW);
    expect(Buffer.byteLength(JSON.stringify(data))).toBeLessThan(1_000_000);
  });
});
