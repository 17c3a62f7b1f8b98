import { strFromU8, unzipSync } from 'fflate';
import readWorkbook from 'read-excel-file/node';
import { malformed, type LotlineError } from '#kernel';
import { formulaAt } from './read-csv.js';
import type { CellProblem, UploadedTable } from './uploaded-table.js';

/** What a workbook may be unpacked: 100,000 rows of twenty columns take a tenth of it. */
const LARGEST = 256 * 1024 * 1024;
const SHEET = /^xl\/worksheets\/[^/]+\.xml$/;
const FORMULA_CELL = /<c\b[^>]*?\sr="([A-Z]+)(\d+)"[^>]*>(?:(?!<\/c>)[^])*?<f\b/g;

/**
 * The only sheet of a workbook that has anything in it. A date becomes 2026-03-31, a number its shortest decimal form.
 * @throws LotlineError `not-xlsx`, `too-large-unpacked`, `more-than-one-sheet`: malformed.
 */
export const readXlsx = async (body: Buffer): Promise<UploadedTable> => {
  const sheetsXml = unpackedSheets(body);
  const sheets = (await readSheets(body)).filter(({ data }) => data.some((row) => row.some((cell) => cell !== null)));
  if (sheets.length > 1)
    throw malformed('more-than-one-sheet', 'the workbook has more than one sheet with something in it', [
      {
        code: 'more-than-one-sheet',
        message: 'it is not said which sheet is meant',
        field: '',
        found: sheets.map(({ sheet }) => sheet).join(', '),
        expected: 'one sheet',
      },
    ]);
  const table = (sheets[0]?.data ?? []).map((cells) => cells.map(textOf));
  const [headings = [], ...rest] = table;
  const rows = rest
    .map((cells, index) => ({ row: index + 2, cells }))
    .filter(({ cells }) => cells.some((cell) => cell !== ''));
  return { headings, rows, problems: formulasIn(sheetsXml, table) };
};

const notXlsx = (why: string): LotlineError =>
  malformed('not-xlsx', `the file is not an XLSX workbook: ${why}`, [
    { code: 'not-xlsx', message: why, field: '', expected: 'an XLSX workbook (Excel 2007 or later)' },
  ]);

const unpackedSheets = (body: Buffer): string[] => {
  let size = 0;
  try {
    const files = unzipSync(body, {
      filter: ({ name, originalSize }) => {
        size += originalSize;
        return size <= LARGEST && SHEET.test(name);
      },
    });
    if (size <= LARGEST) return Object.values(files).map((file) => strFromU8(file));
  } catch (error) {
    throw notXlsx((error as Error).message);
  }
  throw malformed('too-large-unpacked', `the workbook unpacks to more than ${LARGEST} bytes`, [
    { code: 'too-large-unpacked', message: 'too large', field: '', found: size, expected: `at most ${LARGEST} bytes` },
  ]);
};

const readSheets = async (body: Buffer) => {
  try {
    return await readWorkbook(body, { trim: false });
  } catch (error) {
    throw notXlsx((error as Error).message);
  }
};

const DAY_MS = 86_400_000;

const textOf = (cell: unknown): string => {
  if (typeof cell === 'string') return cell.trim();
  if (cell instanceof Date)
    return cell.getTime() % DAY_MS === 0 ? cell.toISOString().slice(0, 10) : cell.toISOString().slice(0, 19);
  if (typeof cell === 'number') return decimal(cell);
  return typeof cell === 'boolean' ? String(cell) : '';
};

/** Without an exponent. */
const decimal = (number: number): string => {
  const text = String(number);
  return /e/i.test(text) ? number.toLocaleString('en-US', { useGrouping: false, maximumFractionDigits: 20 }) : text;
};

const formulasIn = (sheets: readonly string[], table: readonly (readonly string[])[]): CellProblem[] =>
  sheets.flatMap((xml) =>
    [...xml.matchAll(FORMULA_CELL)].map(([, letters = '', digits = '']) => {
      const row = Number(digits);
      const index = Array.from(letters).reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
      return formulaAt(row, table[0]?.[index] ?? letters, table[row - 1]?.[index] ?? '');
    }),
  );
