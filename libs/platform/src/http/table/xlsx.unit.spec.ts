import { describe, expect, it } from '@jest/globals';
import { readSheet } from 'read-excel-file/node';
import type { Cell, Column } from './column.js';
import { xlsxOf } from './xlsx.js';

const COLUMNS: readonly Column<[Cell, Cell]>[] = [
  ['text', ([text]) => text],
  ['amount', ([, amount]) => amount, 'amount'],
];
const readBack = async (...rows: [Cell, Cell][]): Promise<unknown[][]> =>
  (await readSheet(await xlsxOf(COLUMNS, rows), { trim: false })).slice(1);

describe('a table as XLSX', () => {
  it('has a heading, also where there are no rows', async () => {
    expect(await readSheet(await xlsxOf(COLUMNS, []))).toEqual([['text', 'amount']]);
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '0302', '1e5', '<b>&"', ' two  words ', 'a\nb', 'Käse 🧀', 'TRUE'])(
    'keeps the text %j as it is, never a formula or a number',
    async (text) => {
      expect(await readBack([text, null])).toEqual([[text, null]]);
    },
  );

  it.each([
    ['9876', 9876],
    ['0.1', 0.1],
    ['-12.5', -12.5],
    ['123456789012345', 123456789012345],
    ['0.000001', 0.000001],
    // A double would not hold these as they are written, or a spreadsheet would round them.
    ['1234567890123456', '1234567890123456'],
    ['0.1234567890123456', '0.1234567890123456'],
    ['1.50', '1.50'],
    ['0.0000001', '0.0000001'],
    ['1000000000000000000000', '1000000000000000000000'],
    ['NaN', 'NaN'],
  ])('writes the amount %s as %j', async (amount, cell) => {
    expect(await readBack(['x', amount])).toEqual([['x', cell]]);
  });

  it('says where a text is too long for a cell, and replaces what no sheet can hold', async () => {
    const [[long], [control]] = (await readBack(['x'.repeat(40_000), 1], ['a\u0000b\ud800c', 2])) as [
      [string],
      [string],
    ];
    expect([long.length, long.slice(-45)]).toEqual([32_767, expect.stringContaining('ask for CSV or JSON')]);
    expect(control).toBe('a?b?c');
  });
});
