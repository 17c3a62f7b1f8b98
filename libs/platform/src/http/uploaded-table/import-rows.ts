import { Transform } from 'class-transformer';
import { IsBoolean, IsIn, IsOptional } from 'class-validator';
import { refused, unstorableTexts, type Problem } from '#kernel';
import { readRows, type UploadColumn, type UploadedRow } from './read-rows.js';
import type { CellProblem, UploadedTable } from './uploaded-table.js';

export class ImportDto {
  /** Says what would happen and writes nothing. */
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean()
  dryRun?: boolean;

  /** `refuse`: nothing is taken where one row is bad. `skip`: the good rows are taken, the bad ones named. */
  @IsOptional()
  @IsIn(['refuse', 'skip'])
  badRows?: 'refuse' | 'skip';
}

/** A row that was understood. */
export interface Good<T> {
  row: number;
  value: T;
}

export interface ImportReport {
  /** Nothing was written. */
  dryRun: boolean;
  rows: number;
  /** Rows that were taken, or would be. */
  good: number;
  bad: number;
  /** The first 1,000, by row. */
  problems: readonly CellProblem[];
  /** More than those. */
  cut: boolean;
}

const MOST_PROBLEMS = 1_000;
/** Others get their turn in between. */
const PART = 1_000;

/** A problem of a row: `field` names the column. */
export type RowProblems = readonly Problem[];

export interface Reading<T> {
  columns: readonly UploadColumn[];
  /** Understands a row, or says what is wrong; `field` of a problem is a column's name. */
  read: (row: UploadedRow) => { value: T } | { problems: RowProblems };
  /** What must not be there twice in a table; undefined where anything may. */
  keyOf?: (value: T) => string;
}

/**
 * Understands a table row by row.
 * @returns good rows, every problem, and the report; whoever writes the rows makes it anew with what more they meet.
 * @throws LotlineError `bad-rows` (422) where a row is bad, bad rows refuse the table, and it is not a dry run.
 */
export const importRows = async <T>(
  table: UploadedTable,
  { dryRun = false, badRows = 'refuse' }: Pick<ImportDto, 'dryRun' | 'badRows'>,
  { columns, read, keyOf }: Reading<T>,
): Promise<{ good: Good<T>[]; problems: readonly CellProblem[]; report: ImportReport }> => {
  const { rows, problems, headingOf } = readRows(table, columns);
  const noHeading = problems.some(({ row }) => row === 1);
  const all: CellProblem[] = [...problems];
  const good: Good<T>[] = [];
  const seen = new Map<string, number>();
  for (const [index, each] of rows.entries()) {
    if (index % PART === PART - 1) await new Promise((resolve) => setImmediate(resolve));
    const outcome = readSafely(each, read);
    if ('problems' in outcome) {
      all.push(...outcome.problems.map((problem) => inColumn(each.row, problem, headingOf)));
      continue;
    }
    const key = keyOf?.(outcome.value);
    const before = key === undefined ? undefined : seen.get(key);
    if (before !== undefined) all.push(listedTwice(each.row, before));
    else good.push({ row: each.row, value: outcome.value });
    if (key !== undefined && before === undefined) seen.set(key, each.row);
  }
  const report = reportOf(table.rows.length, good.length, all, dryRun);
  if (all.length > 0 && (badRows === 'refuse' || noHeading) && !dryRun)
    throw refused('bad-rows', `${report.bad} of ${report.rows} rows cannot be taken; nothing was`, report.problems);
  return { good, problems: all, report };
};

/** Texts that no database holds (`unstorableTexts` of #kernel) go no further. */
const readSafely = <T>(row: UploadedRow, read: Reading<T>['read']): ReturnType<Reading<T>['read']> => {
  const problems = unstorableTexts(row.values).map((problem) => ({ ...problem, field: problem.field?.slice(1) ?? '' }));
  return problems.length > 0 ? { problems } : read(row);
};

/** @param good rows that are. */
export const reportOf = (
  rows: number,
  good: number,
  problems: readonly CellProblem[],
  dryRun: boolean,
): ImportReport => ({
  dryRun,
  rows,
  good,
  bad: rows - good,
  problems: [...problems].sort((a, b) => a.row - b.row).slice(0, MOST_PROBLEMS),
  cut: problems.length > MOST_PROBLEMS,
});

const inColumn = (row: number, { field, ...problem }: Problem, headingOf: (name: string) => string): CellProblem => ({
  ...problem,
  row,
  ...(field !== undefined && field !== '' && { column: headingOf(field) }),
});

const listedTwice = (row: number, before: number): CellProblem => ({
  code: 'listed-twice',
  message: `row ${before} says the same thing already`,
  row,
  found: `row ${before}`,
  expected: 'each once',
});
