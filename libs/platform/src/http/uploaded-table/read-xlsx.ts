import { strFromU8, unzipSync, zipSync } from 'fflate';
import readWorkbook from 'read-excel-file/node';
import { malformed, type LotlineError } from '#kernel';
import { formulaAt } from './read-csv.js';
import { type CellProblem, headingAndRows, type UploadedTable } from './uploaded-table.js';

/** What a workbook may be unpacked: 100,000 rows of ten columns take half of it. */
const LARGEST = 64 * 1024 * 1024;
const MOST_COLUMNS = 64;
const SHEET = /^xl\/worksheets\/[^/]+\.xml$/;
const ROW = /<row\b[^>]*?\sr="(\d+)"/g;
/** A cell that has anything in it; one without is closed at once. */
const CELL = /<c\b((?:[^>"]|"[^"]*")*?)(\/>|>([^]*?)<\/c>)/g;
const REFERENCE = /\sr="([A-Z]+)(\d+)"/;

/**
 * The only sheet of a workbook that has anything in it. A date becomes 2026-03-31, a number its shortest decimal form.
 * @param mostRows a sheet that says it has more is not read: it costs nothing to say so, and memory to believe it.
 * @throws LotlineError `not-xlsx`, `too-large-unpacked`, `too-many-rows`, `too-many-columns`, `more-than-one-sheet`: malformed.
 */
export const readXlsx = async (body: Buffer, mostRows: number): Promise<UploadedTable> => {
  const files = unpacked(body);
  const sheetsXml = Object.entries(files).flatMap(([name, file]) => (SHEET.test(name) ? [strFromU8(file)] : []));
  for (const xml of sheetsXml) requireSize(xml, mostRows);
  // What was counted is what is read: an archive may say of itself what it likes.
  const sheets = (await readSheets(Buffer.from(zipSync(files, { level: 0 })))).filter(({ data }) =>
    data.some((row) => row.some((cell) => cell !== null)),
  );
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
  return { ...headingAndRows(table), problems: formulasIn(sheetsXml, table) };
};

const notXlsx = (why: string): LotlineError =>
  malformed('not-xlsx', `the file is not an XLSX workbook: ${why}`, [
    { code: 'not-xlsx', message: why, field: '', expected: 'an XLSX workbook (Excel 2007 or later)' },
  ]);

/** @throws LotlineError where it is no archive or unpacks to more than is held. */
const unpacked = (body: Buffer): Record<string, Uint8Array> => {
  let size = 0;
  let files: Record<string, Uint8Array>;
  try {
    // Of the size that the archive says, and never more: a file that is longer fails.
    files = unzipSync(body, {
      filter: ({ originalSize }) => {
        size += originalSize;
        return size <= LARGEST;
      },
    });
  } catch (error) {
    throw notXlsx((error as Error).message);
  }
  if (size <= LARGEST) return files;
  throw malformed('too-large-unpacked', `the workbook unpacks to more than ${LARGEST} bytes`, [
    { code: 'too-large-unpacked', message: 'too large', field: '', found: size, expected: `at most ${LARGEST} bytes` },
  ]);
};

/** The reader fills all rows up to the last, and all cells of each, whatever is between. */
const requireSize = (xml: string, mostRows: number): void => {
  for (const [, row = ''] of xml.matchAll(ROW)) if (Number(row) > mostRows + 1) throw tooMany('rows', row, mostRows);
  for (const [, attributes = ''] of xml.matchAll(CELL)) {
    const [, letters = '', row = ''] = REFERENCE.exec(attributes) ?? [];
    if (Number(row) > mostRows + 1) throw tooMany('rows', row, mostRows);
    if (columnOf(letters) > MOST_COLUMNS) throw tooMany('columns', letters, MOST_COLUMNS);
  }
};

const tooMany = (what: 'rows' | 'columns', found: string, most: number): LotlineError =>
  malformed(`too-many-${what}`, `the sheet has more than ${most} ${what}`, [
    {
      code: `too-many-${what}`,
      message: 'too many for one request',
      field: '',
      found: found.slice(0, 20),
      expected: `at most ${most}`,
    },
  ]);

/** A is 1. */
const columnOf = (letters: string): number =>
  Array.from(letters).reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0);

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
    [...xml.matchAll(CELL)].flatMap(([, attributes = '', , content = '']) => {
      if (!/<f\b/.test(content)) return [];
      const [, letters = '', digits = ''] = REFERENCE.exec(attributes) ?? [];
      const row = Number(digits);
      const index = columnOf(letters) - 1;
      return [formulaAt(row, table[0]?.[index] ?? letters, table[row - 1]?.[index] ?? '')];
    }),
  );
