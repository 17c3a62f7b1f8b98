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

/** The handler's `@Body()` is an `UploadedTable`, read from CSV or XLSX; JSON is 415. */
export const TakesTable = (): MethodDecorator => RouteConfig({ takesTable: true });

/** After `registerJsonBody`, which forgets all other parsers. */
export const registerTableBody = (fastify: FastifyInstance, bodyLimit: number): void => {
  fastify.addHook('onRequest', async (request) => {
    const takesTable = (request.routeOptions.config as { takesTable?: boolean }).takesTable === true;
    const isTable = TABLE_TYPES.some((type) => typeOf(request) === type);
    if (takesTable !== isTable && (takesTable || isTable)) throw notTaken(takesTable, typeOf(request));
    return Promise.resolve();
  });
  fastify.addContentTypeParser(
    [...TABLE_TYPES],
    { parseAs: 'buffer', bodyLimit },
    (request: FastifyRequest, body: Buffer) => readTable(body, request.headers['content-type'] ?? ''),
  );
};

const typeOf = ({ headers }: FastifyRequest): string =>
  headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() ?? '';

const notTaken = (takesTable: boolean, found: string): LotlineError => {
  const expected = takesTable ? TABLE_TYPES.join(' or ') : 'application/json';
  return new LotlineError('unsupported', 'unsupported-media-type', `send ${expected}`, [
    {
      code: 'unsupported-media-type',
      message: 'the body has another content type than this route reads',
      field: 'Content-Type',
      found,
      expected,
    },
  ]);
};

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
