import { found, nearest } from '#contracts';
import type { CellProblem, UploadedTable } from './uploaded-table.js';

/** A column that a table may have. */
export interface UploadColumn {
  /** Heading, and the name of its values: `lotCode`. "Lot code", "lot_code" and "LOT-CODE" are the same. */
  name: string;
  required?: true;
}

export interface UploadedRow {
  /** As a spreadsheet counts: the heading is row 1. */
  row: number;
  /** By the columns' names; without those of empty cells. */
  values: Readonly<Record<string, string>>;
}

export interface ReadRows {
  rows: readonly UploadedRow[];
  problems: readonly CellProblem[];
  /** Heading of a column, as the file has it. */
  headingOf: (name: string) => string;
}

/** Problems of the headings leave no row to be read; a row with a problem is not among `rows`. */
export const readRows = (table: UploadedTable, columns: readonly UploadColumn[]): ReadRows => {
  const named = table.headings.map((heading) => columns.find(({ name }) => plain(name) === plain(heading))?.name);
  const headingOf = (name: string): string => table.headings[named.indexOf(name)] ?? name;
  const wrong = headingProblems(table.headings, named, columns);
  if (wrong.length > 0) return { rows: [], problems: wrong, headingOf };
  const problems: CellProblem[] = [...table.problems];
  const bad = new Set(problems.map(({ row }) => row));
  const rows: UploadedRow[] = [];
  for (const { row, cells } of table.rows) {
    const lacking = [...emptyCells(row, cells, named, columns, headingOf), ...surplusCells(row, cells, named.length)];
    problems.push(...lacking);
    if (bad.has(row) || lacking.length > 0) continue;
    const filled = named.flatMap((name, index): [string, string][] => {
      const cell = cells[index] ?? '';
      return name === undefined || cell === '' ? [] : [[name, cell]];
    });
    rows.push({ row, values: Object.fromEntries(filled) });
  }
  return { rows, problems, headingOf };
};

const plain = (heading: string): string => heading.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

const headingProblems = (
  headings: readonly string[],
  named: readonly (string | undefined)[],
  columns: readonly UploadColumn[],
): CellProblem[] => {
  const names = columns.map(({ name }) => name);
  const problems = headings.flatMap((heading, index): CellProblem[] => {
    const name = named[index];
    if (name === undefined) {
      if (heading === '') return [];
      const meant = nearest(heading, names);
      return [
        {
          code: 'unknown-column',
          message: `there is no column "${found(heading) as string}"${meant === undefined ? '' : `; did you mean ${meant}?`}`,
          row: 1,
          column: heading,
          found: found(heading),
          expected: meant ?? `one of ${names.join(', ')}`,
        },
      ];
    }
    if (named.indexOf(name) === index) return [];
    return [
      { code: 'column-twice', message: `${name} is there twice`, row: 1, column: heading, found: found(heading) },
    ];
  });
  const missing = columns.filter(({ name, required }) => required && !named.includes(name));
  return [
    ...problems,
    ...missing.map(({ name }) => ({
      code: 'missing-column',
      message: `the column ${name} is missing`,
      row: 1,
      column: name,
      found: null,
      expected: `a column with the heading ${name}`,
    })),
  ];
};

const emptyCells = (
  row: number,
  cells: readonly string[],
  named: readonly (string | undefined)[],
  columns: readonly UploadColumn[],
  headingOf: (name: string) => string,
): CellProblem[] =>
  columns
    .filter(({ name, required }) => required && (cells[named.indexOf(name)] ?? '') === '')
    .map(({ name }) => ({
      code: 'missing',
      message: `${name} is missing`,
      row,
      column: headingOf(name),
      found: '',
      expected: 'a value',
    }));

/** What stands beside the table would be lost without a word. */
const surplusCells = (row: number, cells: readonly string[], columns: number): CellProblem[] =>
  cells.slice(columns).some((cell) => cell !== '')
    ? [
        {
          code: 'cell-without-column',
          message: 'the row has more cells than the heading',
          row,
          found: found(cells.slice(columns).find((cell) => cell !== '')),
          expected: `${columns} cells`,
        },
      ]
    : [];
