import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { calendarDay, canonicalId, type Clock } from '#kernel';
import { CLOCK, commandContext, Requires } from '#platform';
import type { BookKeeper } from '../../books/book-keeper.js';
import { stockStreamOf } from '../../domain/stock-stream.js';
import type { StockQueries } from '../../known-stock/stock-queries.js';
import { BOOK_KEEPER, STOCK_QUERIES } from '../../tokens.js';
import { byBook, requestedLines } from '../requested-lines.js';
import { IssueStockDto, UndoIssueDto } from './issue-stock.dto.js';

@ApiTags('inventory')
@Controller('inventory/issues')
export class IssueStockController {
  constructor(
    @Inject(BOOK_KEEPER) private readonly books: BookKeeper,
    @Inject(STOCK_QUERIES) private readonly queries: StockQueries,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Gives stock out for an act, all lines or none. A refusal with `partial: true` left part of it issued, because books
   * changed meanwhile: undo the reference once nobody else can carry it through.
   */
  @Post()
  @HttpCode(201)
  @Requires('inventory:issue')
  async issue(@Body() dto: IssueStockDto): Promise<{ reference: string; attempt: number }> {
    const lines = requestedLines(dto.lines);
    const { reference, attempt = 1, allocations = [] } = dto;
    const day = calendarDay(dto.day ?? '') ?? this.clock().toISOString().slice(0, 10);
    await this.books.carryOut(
      { lots: lines.map((line) => line.lot) },
      [...byBook(lines)].map(([stream, own]) => ({
        stream,
        command: (c) => ({ type: 'issue', reference, attempt, lines: own, allocations, day, ...c }),
      })),
      commandContext(),
    );
    return { reference, attempt };
  }

  /** Undoes an issue whose act did not happen. Undoing what is not there is done already. */
  @Post(':reference/undo')
  @HttpCode(200)
  @Requires('inventory:issue')
  async undo(@Param('reference') reference: string, @Body() dto: UndoIssueDto): Promise<{ reference: string }> {
    const streams = dto.lots
      ? [...new Set(dto.lots.map((lot) => stockStreamOf(canonicalId(lot).id)))]
      : await this.queries.booksOf('issue', reference);
    const { attempt, reason } = dto;
    await this.books.carryOut(
      {},
      streams.map((stream) => ({
        stream,
        command: (c) => ({ type: 'undo-issue', reference, attempt, reason, ...c }),
      })),
      commandContext(),
    );
    return { reference };
  }
}
