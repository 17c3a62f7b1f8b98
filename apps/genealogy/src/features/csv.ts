import type { FastifyReply } from 'fastify';

/** A column's heading and what stands in it. */
export type Column<T> = readonly [heading: string, cell: (row: T) => string | number | null | undefined];

// A spreadsheet would run a cell that begins like a formula; a number may begin with a minus.
const FORMULA = /^[=+@\t\r]|^-(?!\d+(\.\d+)?$)/;

const cell = (value: string | number | null | undefined): string => {
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

/** Whether the caller prefers CSV to JSON. */
export const wantsCsv = (accept: string | undefined): boolean =>
  (accept ?? '').split(',').some((part) => part.trim().toLowerCase().startsWith('text/csv'));

/** The answer as CSV; what a JSON answer says besides its rows goes into headers. */
export const asCsv = <T>(
  reply: FastifyReply,
  { position, next }: { position: string; next?: string },
  columns: readonly Column<T>[],
  rows: readonly T[],
): string => {
  void reply.header('content-type', 'text/csv; charset=utf-8').header('x-log-position', position);
  if (next !== undefined) void reply.header('x-next-cursor', next);
  return csvOf(columns, rows);
};
