import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AnnouncedDelivery } from './delivery.js';
import { isOverdue, progressOf, type DeliveryReceipt } from './progress.js';

const MILK = 'urn:item:milk';
const SALT = 'urn:item:salt';
const kg = (value: string) => ({ value, unit: 'KGM' });
const delivery = (lines: AnnouncedDelivery['lines'], more: Partial<AnnouncedDelivery> = {}): AnnouncedDelivery => ({
  delivery: 'IN-1',
  supplier: 'urn:party:farm',
  due: '2026-04-22',
  announcedAt: '2026-04-20T10:00:00Z',
  lines,
  ...more,
});
let count = 0;
const receipt = (amount: string, more: Partial<DeliveryReceipt> = {}): DeliveryReceipt => ({
  receipt: `GR-${++count}`,
  lot: `urn:lot:${count}`,
  item: MILK,
  amount: kg(amount),
  receivedAt: '2026-04-22T08:00:00+02:00',
  ...more,
});
const milk = { item: MILK, amount: kg('100') };

describe('what came of a delivery', () => {
  it('is what was ordered against what was received, in whatever unit', () => {
    const { status, lines } = progressOf(delivery([{ ...milk, amount: { value: '0.1', unit: 'TNE' } }]), [
      receipt('60'),
    ]);
    expect(status).toBe('partial');
    expect(lines).toEqual([{ item: MILK, ordered: kg('100'), delivered: kg('60'), outstanding: kg('40') }]);
    expect(progressOf(delivery([milk]), []).status).toBe('expected');
    expect(progressOf(delivery([milk]), [receipt('100')]).status).toBe('delivered');
    const cancelled = delivery([milk], { cancelled: { at: '', reason: 'x' } });
    expect(progressOf(cancelled, [receipt('60')]).status).toBe('cancelled');
  });

  it('fills the line that announced the very lot, then lines that announced none, and counts too much to the best', () => {
    const lines = [milk, { ...milk, supplierLot: 'F-1' }, { ...milk, supplierLot: 'F-2' }];
    const { lines: filled, receipts } = progressOf(delivery(lines), [receipt('250', { supplierLot: 'F-2' })]);
    expect(filled.map((line) => line.delivered.value)).toEqual(['100', '50', '100']);
    expect(receipts[0]?.lines).toEqual([2, 0, 1]);
    const over = progressOf(delivery([milk]), [receipt('130')]);
    expect(over.lines[0]).toMatchObject({ delivered: kg('130'), outstanding: kg('0') });
  });

  it('names what nobody announced: another item, another kind of amount', () => {
    const { lines, receipts } = progressOf(delivery([milk]), [
      receipt('5', { item: SALT }),
      receipt('5', { amount: { value: '5', unit: 'LTR' } }),
    ]);
    expect(lines[0]?.delivered).toEqual(kg('0'));
    expect(receipts.map((r) => r.lines)).toEqual([[], []]);
  });

  it('says what came late, by the day as written', () => {
    const { receipts } = progressOf(delivery([milk]), [
      receipt('1', { receivedAt: '2026-04-22T23:30:00-02:00' }),
      receipt('1', { receivedAt: '2026-04-23T00:30:00+02:00' }),
    ]);
    // The second was first, and is late.
    expect(receipts.map((r) => [r.receivedAt, r.late])).toEqual([
      ['2026-04-23T00:30:00+02:00', true],
      ['2026-04-22T23:30:00-02:00', false],
    ]);
  });

  it.each([
    ['2026-05-06', 14, true],
    ['2026-05-05', 13, false],
  ])('holds the life left at receipt against the life agreed: %s', (expiry, days, kept) => {
    const { receipts } = progressOf(delivery([{ ...milk, minRemainingDays: 14 }]), [
      receipt('1', { dates: { expiry } }),
    ]);
    expect(receipts[0]).toMatchObject({ life: { days, until: expiry }, agreed: { days: 14, kept } });
  });

  it('cannot tell whether it was kept where no date ends it, and says nothing where nothing was agreed', () => {
    expect(progressOf(delivery([{ ...milk, minRemainingDays: 14 }]), [receipt('1')]).receipts[0]?.agreed).toEqual({
      days: 14,
      kept: null,
    });
    expect(progressOf(delivery([milk]), [receipt('1')]).receipts[0]).not.toHaveProperty('agreed');
  });

  it('is the same in whatever order receipts became known, and loses no amount', () => {
    const line = fc.record({
      item: fc.constantFrom(MILK, SALT),
      amount: fc.integer({ min: 1, max: 50 }).map((n) => kg(String(n))),
      supplierLot: fc.constantFrom('F-1', 'F-2'),
    });
    const came = fc
      .array(
        fc.record({
          item: fc.constantFrom(MILK, SALT),
          value: fc.integer({ min: 1, max: 50 }),
          supplierLot: fc.constantFrom('F-1', 'F-2', 'F-3'),
          day: fc.integer({ min: 20, max: 25 }),
        }),
        { maxLength: 8 },
      )
      .map((list) =>
        list.map(({ item, value, supplierLot, day }) =>
          receipt(String(value), { item, supplierLot, receivedAt: `2026-04-${day}T08:00:00Z` }),
        ),
      )
      .chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })));
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 4 }), came, (lines, [receipts, shuffled]) => {
        const progress = progressOf(delivery(lines), receipts);
        expect(progressOf(delivery(lines), shuffled)).toEqual(progress);
        const sum = (list: { value: string }[]): number => list.reduce((total, { value }) => total + Number(value), 0);
        for (const item of [MILK, SALT]) {
          if (!lines.some((l) => l.item === item)) continue;
          expect(sum(progress.lines.filter((l) => l.item === item).map((l) => l.delivered))).toBe(
            sum(receipts.filter((r) => r.item === item).map((r) => r.amount)),
          );
        }
      }),
    );
  });

  it('is overdue from the day after it was due until all of it has come or is expected no more', () => {
    expect(isOverdue(delivery([milk]), 'partial', '2026-04-22')).toBe(false);
    expect(isOverdue(delivery([milk]), 'partial', '2026-04-23')).toBe(true);
    expect(isOverdue(delivery([milk]), 'delivered', '2026-04-23')).toBe(false);
    expect(isOverdue(delivery([milk]), 'cancelled', '2026-04-23')).toBe(false);
  });
});
