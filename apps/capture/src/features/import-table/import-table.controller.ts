import { Body, Controller, HttpCode, Inject, Post, Query } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { EventLog } from '#event-log';
import type { Clock } from '#kernel';
import {
  CLOCK,
  EVENT_LOG,
  type CellProblem,
  type Good,
  importRows,
  ImportDto,
  type ImportReport,
  type Reading,
  reportOf,
  requireTable,
  Requires,
  TABLE_TYPES,
  TakesNoIfMatch,
  TakesTable,
} from '#platform';
import type { NewFact } from '../../domain/new-fact.js';
import { recordPrepared } from '../../jobs/capture-facts.js';
import { requestMeta } from '../request-meta.js';
import { openingStockRows, receiptRows } from './fact-rows.js';
import { supplierRows } from './supplier-rows.js';

export interface ImportAnswer extends ImportReport {
  recorded: number;
  /** Recorded before, with the same content. */
  duplicates: number;
}

/** Rows to a write. */
const PART = 1_000;

const BODY = { schema: { type: 'string', format: 'binary', description: 'CSV (RFC 4180) or XLSX with one sheet' } };

/** Tables of what happened before or beside Lotline, as facts. */
@Controller('events/tables')
@TakesNoIfMatch()
@ApiTags('capture')
export class ImportTableController {
  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post('receipts')
  @HttpCode(200)
  @TakesTable()
  @Requires('capture:write')
  @ApiOperation({ summary: 'Receipts from suppliers, a lot a row' })
  @ApiConsumes(...TABLE_TYPES)
  @ApiBody(BODY)
  @ApiResponse({ status: 422, description: '`bad-rows`: rows and columns that cannot be taken; nothing was.' })
  receipts(@Body() table: unknown, @Query() query: ImportDto): Promise<ImportAnswer> {
    return this.take(table, query, receiptRows(requestMeta()));
  }

  @Post('opening-stock')
  @HttpCode(200)
  @TakesTable()
  @Requires('capture:write')
  @ApiOperation({ summary: 'What lies where when the record begins, a lot a row' })
  @ApiConsumes(...TABLE_TYPES)
  @ApiBody(BODY)
  @ApiResponse({ status: 422, description: '`bad-rows`: rows and columns that cannot be taken; nothing was.' })
  openingStock(@Body() table: unknown, @Query() query: ImportDto): Promise<ImportAnswer> {
    return this.take(table, query, openingStockRows(requestMeta()));
  }

  @Post('suppliers')
  @HttpCode(200)
  @TakesTable()
  @Requires('capture:write')
  @ApiOperation({ summary: 'Names of suppliers and other parties' })
  @ApiConsumes(...TABLE_TYPES)
  @ApiBody(BODY)
  @ApiResponse({ status: 422, description: '`bad-rows`: rows and columns that cannot be taken; nothing was.' })
  suppliers(@Body() table: unknown, @Query() query: ImportDto): Promise<ImportAnswer> {
    return this.take(table, query, supplierRows(requestMeta(), this.clock().toISOString()));
  }

  private async take(body: unknown, query: ImportDto, reading: Reading<NewFact>): Promise<ImportAnswer> {
    const { good, problems, report } = await importRows(requireTable(body), query, reading);
    if (report.dryRun) return { ...report, recorded: 0, duplicates: 0 };
    const conflicts: CellProblem[] = [];
    let recorded = 0;
    let duplicates = 0;
    for (let from = 0; from < good.length; from += PART) {
      const part = good.slice(from, from + PART);
      const outcomes = await recordPrepared(
        this.log,
        part.map(({ value }) => ({ fact: value })),
      );
      for (const [index, outcome] of outcomes.entries())
        if (outcome.result === 'recorded') recorded += 1;
        else if (outcome.result === 'duplicate') duplicates += 1;
        else conflicts.push(conflictOf(part[index]));
    }
    const all = [...problems, ...conflicts];
    return { ...reportOf(report.rows, recorded + duplicates, all, false), recorded, duplicates };
  }
}

/** Learnt when it is written, and so beside rows that were taken. */
const conflictOf = (good: Good<NewFact> | undefined): CellProblem => ({
  code: 'id-conflict',
  message: 'this was recorded before with other content; the first stays until it is voided',
  row: good?.row ?? 0,
  ...(good && { found: good.value.eventId }),
  expected: 'the same content, or a FactVoided for the fact that was found',
});
