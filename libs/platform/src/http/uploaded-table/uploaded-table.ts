import type { Problem } from '#kernel';

/** What is wrong with an uploaded table, where a spreadsheet shows it: `row` counts from 1, the heading's. */
export interface CellProblem extends Problem {
  row: number;
  /** The heading of the column, as the file has it; of the heading's row, what stands there. */
  column?: string;
}

/** Texts of cells, trimmed; '' where a cell is empty. */
export interface UploadedTable {
  headings: readonly string[];
  /** Rows that have anything in them. */
  rows: readonly { row: number; cells: readonly string[] }[];
  /** Cells that must not be read as they are. */
  problems: readonly CellProblem[];
}

/** The first record is the heading; empty rows are left out and counted all the same. */
export const headingAndRows = (records: readonly (readonly string[])[]): Pick<UploadedTable, 'headings' | 'rows'> => {
  const [headings = [], ...rest] = records;
  const rows = rest
    .map((cells, index) => ({ row: index + 2, cells }))
    .filter(({ cells }) => cells.some((cell) => cell !== ''));
  return { headings, rows };
};
