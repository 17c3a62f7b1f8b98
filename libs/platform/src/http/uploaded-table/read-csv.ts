import { parse, type CsvError } from 'csv-parse/sync';
import { malformed, type LotlineError } from '#kernel';
import { type CellProblem, headingAndRows, type UploadedTable } from './uploaded-table.js';

const DELIMITERS = [',', ';', '\t'] as const;
/** A spreadsheet that opened the file would run these. A number may begin with a sign. */
const FORMULA = /^[=@]|^[+-](?![\d.])/;

/**
 * RFC 4180; semicolons and tabs are taken as well, as spreadsheets of some countries write them.
 * @param mostRows no more than one row beyond these is read.
 * @param charset of the content type; a byte order mark goes before it.
 * @throws LotlineError `wrong-encoding`, `not-csv`: malformed.
 */
export const readCsv = (body: Buffer, mostRows: number, charset = 'utf-8'): UploadedTable => {
  const text = decoded(body, charset);
  const records = parsed(text, delimiterOf(text), mostRows);
  const { headings, rows } = headingAndRows(records.map((cells) => cells.map((cell) => cell.trim())));
  return { headings, rows, problems: formulasIn(headings, rows) };
};

const decoded = (body: Buffer, charset: string): string => {
  const marked = body.subarray(0, 2).equals(Buffer.from([0xff, 0xfe])) ? 'utf-16le' : charset;
  try {
    return new TextDecoder(marked, { fatal: true }).decode(body);
  } catch (error) {
    const isUnknown = error instanceof RangeError;
    throw malformed(
      'wrong-encoding',
      isUnknown ? `there is no encoding "${charset}"` : `the file is not ${marked} throughout`,
      [
        {
          code: 'wrong-encoding',
          message: isUnknown ? 'the content type names an unknown charset' : 'some bytes are no text in this encoding',
          field: 'Content-Type',
          found: marked,
          expected: 'text/csv; charset=utf-8, or the charset the file has, e.g. windows-1252',
        },
      ],
    );
  }
};

/** What the heading has most of, outside of quotes. */
const delimiterOf = (text: string): string => {
  const heading = text.replace(/"[^"]*"/g, '').split(/[\r\n]/, 1)[0] ?? '';
  const counted = DELIMITERS.map((delimiter) => ({ delimiter, count: heading.split(delimiter).length }));
  return counted.reduce((best, each) => (each.count > best.count ? each : best)).delimiter;
};

const parsed = (text: string, delimiter: string, mostRows: number): string[][] => {
  try {
    return parse(text, { delimiter, relax_column_count: true, to: mostRows + 2 });
  } catch (error) {
    throw notCsv(error as CsvError);
  }
};

const notCsv = (error: CsvError): LotlineError =>
  malformed('not-csv', `the file is not CSV: ${error.message}`, [
    {
      code: 'not-csv',
      message: error.message,
      field: '',
      ...(typeof error.lines === 'number' && { found: `line ${error.lines}` }),
      expected: 'RFC 4180: a quote inside of a quoted cell is doubled',
    },
  ]);

const formulasIn = (headings: readonly string[], rows: UploadedTable['rows']): CellProblem[] =>
  rows.flatMap(({ row, cells }) =>
    cells.flatMap((cell, index) => (FORMULA.test(cell) ? [formulaAt(row, headings[index] ?? '', cell)] : [])),
  );

export const formulaAt = (row: number, column: string, found: string): CellProblem => ({
  code: 'formula',
  message: 'a formula is not read: what it gives depends on where it is opened',
  row,
  column,
  found,
  expected: 'the value itself',
});
