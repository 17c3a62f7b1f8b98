import { Body, Controller, HttpCode, Inject, Post, Query } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { EventLog } from '#event-log';
import { type Clock, LotlineError } from '#kernel';
import {
  type CellProblem,
  CLOCK,
  EVENT_LOG,
  handleCommand,
  importRows,
  ImportDto,
  type ImportReport,
  reportOf,
  requireTable,
  Requires,
  TABLE_TYPES,
  TakesNoIfMatch,
  TakesTable,
} from '#platform';
import { itemDecider, itemStream, type ItemCommand, type ItemDefinition } from '../../domain/item.js';
import { itemRows } from './item-rows.js';
import { readItem } from './read-items.js';

export interface ImportItemsAnswer extends ImportReport {
  defined: number;
  changed: number;
  /** Defined before exactly so. */
  unchanged: number;
}

type Outcome = 'defined' | 'changed' | 'unchanged';

/** Items at a time: each is a stream of its own. */
const AT_ONCE = 32;

@Controller('production/items/table')
@TakesNoIfMatch()
@ApiTags('production')
export class ImportItemsController {
  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @HttpCode(200)
  @TakesTable()
  @Requires('production:write')
  @ApiOperation({ summary: 'Define or change items, one a row; what a table has no column for stays as it is.' })
  @ApiConsumes(...TABLE_TYPES)
  @ApiBody({ schema: { type: 'string', format: 'binary', description: 'CSV (RFC 4180) or XLSX with one sheet' } })
  @ApiResponse({ status: 422, description: '`bad-rows`: rows and columns that cannot be taken; nothing was.' })
  async take(@Body() body: unknown, @Query() query: ImportDto): Promise<ImportItemsAnswer> {
    const { good, problems, report } = await importRows(requireTable(body), query, itemRows);
    const counts = { defined: 0, changed: 0, unchanged: 0 };
    if (report.dryRun) return { ...report, ...counts };
    const refusals: CellProblem[] = [];
    const left = good.values();
    const work = async (): Promise<void> => {
      for (const { row, value } of left) {
        const outcome = await this.define(value).catch((error: unknown) => problemsOf(row, error));
        if (typeof outcome === 'string') counts[outcome] += 1;
        else refusals.push(...outcome);
      }
    };
    const ended = await Promise.allSettled(Array.from({ length: AT_ONCE }, work));
    for (const each of ended) if (each.status === 'rejected') throw each.reason;
    const taken = counts.defined + counts.changed + counts.unchanged;
    return { ...reportOf(report.rows, taken, [...problems, ...refusals], false), ...counts };
  }

  private async define(stated: ItemDefinition): Promise<Outcome> {
    const isNew = { value: true };
    const { events } = await handleCommand({
      log: this.log,
      stream: itemStream(stated.item),
      decider: itemDecider,
      // Read anew where somebody else was faster.
      command: async (): Promise<ItemCommand> => {
        const { definition: before } = await readItem(this.log, stated.item);
        isNew.value = before === null;
        const definition = { ...before, ...stated, ...shelfLifeOf(before, stated) };
        return { type: before ? 'change' : 'define', definition, now: this.clock().toISOString() };
      },
      source: 'lotline/production',
    });
    if (events.length === 0) return 'unchanged';
    return isNew.value ? 'defined' : 'changed';
  }
}

/** A table has no column for the kinds of input that dates are inherited from: they stay with the rule. */
const shelfLifeOf = (before: ItemDefinition | null, stated: ItemDefinition): Pick<ItemDefinition, 'shelfLife'> =>
  stated.shelfLife?.rule === 'inherited' && before?.shelfLife?.rule === 'inherited'
    ? { shelfLife: before.shelfLife }
    : {};

/** What keeps a row from being taken is learnt when it is written, beside rows that were. @throws what nobody foresaw. */
const problemsOf = (row: number, error: unknown): CellProblem[] => {
  if (!(error instanceof LotlineError)) throw error;
  return error.problems.length > 0
    ? error.problems.map((problem) => ({ ...problem, row }))
    : [{ code: error.code, message: error.message, row }];
};
