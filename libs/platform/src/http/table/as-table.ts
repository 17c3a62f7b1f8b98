import { StreamableFile } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Column } from './column.js';
import { csvOf } from './csv.js';
import { xlsxOf } from './xlsx.js';

const CSV = 'text/csv';
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** What a list answers with, for its OpenAPI. */
export const LIST_TYPES = ['application/json', CSV, XLSX];

export type Table = string | StreamableFile;

/** The kind of table the caller prefers to JSON; of both the one named first. */
const wantedTable = (accept: string | undefined): typeof CSV | typeof XLSX | undefined =>
  (accept ?? '')
    .split(',')
    .map((part) => part.split(';')[0]?.trim().toLowerCase())
    .find((type) => type === CSV || type === XLSX);

/**
 * The answer as CSV or XLSX where the caller wants one; what a JSON answer says besides its rows goes into headers.
 * @returns undefined where JSON is wanted.
 */
export const asTable = async <T>(
  reply: FastifyReply,
  accept: string | undefined,
  { position, next }: { position: string; next?: string },
  columns: readonly Column<T>[],
  rows: readonly T[],
): Promise<Table | undefined> => {
  const wanted = wantedTable(accept);
  if (wanted === undefined) return undefined;
  const table = wanted === CSV ? csvOf(columns, rows) : new StreamableFile(await xlsxOf(columns, rows), { type: XLSX });
  void reply.header('x-log-position', position);
  if (next !== undefined) void reply.header('x-next-cursor', next);
  void reply.header('content-type', wanted === CSV ? `${CSV}; charset=utf-8` : XLSX);
  return table;
};
