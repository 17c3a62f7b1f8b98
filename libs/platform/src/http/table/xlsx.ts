import writeExcelFile, { type CellObject } from 'write-excel-file/node';
import type { Cell, Column } from './column.js';

/** Digits that a spreadsheet keeps of a number. */
const DIGITS = 15;
/** Characters that a cell can hold. */
const LONGEST = 32_767;
const CUT = ' … (too long for a cell: ask for CSV or JSON)';
// Characters that XML 1.0 cannot hold, lone surrogates among them.
// eslint-disable-next-line no-control-regex
const UNWRITABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;

/** The number, where it comes back from a spreadsheet exactly as it is written here. */
const exactNumber = (text: string): number | undefined => {
  if (!/^-?\d+(\.\d+)?$/.test(text)) return undefined;
  const digits = text.replace(/^-?0*\.?0*|\./g, '').length;
  return digits <= DIGITS && String(Number(text)) === text ? Number(text) : undefined;
};

const writable = (text: string): string => {
  const clean = text.replace(UNWRITABLE, '?');
  return clean.length <= LONGEST ? clean : clean.slice(0, LONGEST - CUT.length) + CUT;
};

const cellOf = (value: Cell, kind: 'amount' | undefined): CellObject | null => {
  if (value === null || value === undefined || value === '') return null;
  if (typeof value === 'number') return { value, type: Number };
  const number = kind === 'amount' ? exactNumber(value) : undefined;
  // A cell of text is never run, whatever it begins with.
  return number === undefined ? { value: writable(value), type: String } : { value: number, type: Number };
};

/** A workbook of one sheet with a heading that stays in view. */
export const xlsxOf = <T>(columns: readonly Column<T>[], rows: readonly T[]): Promise<Buffer> =>
  writeExcelFile(
    [
      columns.map(([heading]): CellObject => ({ value: heading, type: String, fontWeight: 'bold' })),
      ...rows.map((row) => columns.map(([, of, kind]) => cellOf(of(row), kind))),
    ],
    { stickyRowsCount: 1 },
  ).toBuffer();
