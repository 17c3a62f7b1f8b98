import type { Cell, Column } from './column.js';

// A spreadsheet would run a cell that begins like a formula; a number may begin with a minus.
const FORMULA = /^[=+@\t\r]|^-(?!\d+(\.\d+)?$)/;

const cell = (value: Cell): string => {
  if (value === null || value === undefined) return '';
  const text = String(value);
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/** RFC 4180, with a heading. */
export const csvOf = <T>(columns: readonly Column<T>[], rows: readonly T[]): string =>
  [columns.map(([heading]) => heading), ...rows.map((row) => columns.map(([, of]) => of(row)))]
    .map((line) => line.map(cell).join(','))
    .join('\r\n')
    .concat('\r\n');
