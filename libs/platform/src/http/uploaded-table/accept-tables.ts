import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { LotlineError, malformed } from '#kernel';
import { readCsv } from './read-csv.js';
import { readXlsx } from './read-xlsx.js';
import type { UploadedTable } from './uploaded-table.js';

const CSV = 'text/csv';
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
/** What `@ApiConsumes` says of a route that takes tables. */
export const TABLE_TYPES = [CSV, XLSX] as const;

/** A request that takes longer blocks others; more rows are several files. */
const MOST_ROWS = 100_000;

/** The handler's `@Body()` is what `requireTable` takes, read from CSV or XLSX. */
export const TakesTable = (): MethodDecorator => RouteConfig({ takesTable: true });

/** After `registerJsonBody`, which forgets all other parsers. */
export const registerTableBody = (fastify: FastifyInstance, bodyLimit: number): void => {
  fastify.addContentTypeParser(
    [...TABLE_TYPES],
    { parseAs: 'buffer', bodyLimit },
    async (request: FastifyRequest, body: Buffer) => {
      if ((request.routeOptions.config as { takesTable?: boolean }).takesTable !== true)
        throw otherType('application/json');
      const table = await readTable(body, request.headers['content-type'] ?? '');
      tables.add(table);
      return table;
    },
  );
};

/** Those that came by a request: nothing else that looks like one is taken for a table. */
const tables = new WeakSet();

/** @throws LotlineError `unsupported-media-type` (415) where the body of the request is no table. */
export const requireTable = (body: unknown): UploadedTable => {
  if (typeof body === 'object' && body !== null && tables.has(body)) return body as UploadedTable;
  throw otherType(TABLE_TYPES.join(' or '));
};

const otherType = (expected: string): LotlineError =>
  new LotlineError('unsupported', 'unsupported-media-type', `send ${expected}`, [
    {
      code: 'unsupported-media-type',
      message: 'the body has another content type than this route reads',
      field: 'Content-Type',
      expected,
    },
  ]);

/** @throws LotlineError malformed: as `readCsv` and `readXlsx`; `no-rows`, `too-many-rows`. */
export const readTable = async (body: Buffer, contentType: string): Promise<UploadedTable> => {
  const charset = /;\s*charset="?([^";\s]+)/i.exec(contentType)?.[1];
  const table = contentType.toLowerCase().startsWith(CSV)
    ? readCsv(body, MOST_ROWS, charset)
    : await readXlsx(body, MOST_ROWS);
  if (table.rows.length === 0)
    throw malformed('no-rows', 'the table has no rows', [
      { code: 'no-rows', message: 'the table has no rows', field: '', expected: 'a heading and at least one row' },
    ]);
  if (table.rows.length > MOST_ROWS)
    throw malformed('too-many-rows', `the table has more than ${MOST_ROWS} rows`, [
      {
        code: 'too-many-rows',
        message: 'too many for one request',
        field: '',
        found: table.rows.length,
        expected: `at most ${MOST_ROWS}; send several files`,
      },
    ]);
  return table;
};
