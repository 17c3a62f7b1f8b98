import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { calendarDay, canonicalId, type Problem } from '#kernel';
import { commandContext, Requires, TakesNoIfMatch } from '#platform';
import type { BookKeeper, KnownStockReader } from '../../books/book-keeper.js';
import { blocksOf } from '../../domain/book/blocks.js';
import type { Book } from '../../domain/book/book.js';
import type { RequestedLine } from '../../domain/book/requested-line.js';
import { stockStreamOf } from '../../domain/stock-stream.js';
import type { SiteDays } from '../../known-stock/site-days.js';
import type { StockQueries } from '../../known-stock/stock-queries.js';
import { BOOK_KEEPER, KNOWN_STOCK, SITE_DAYS, STOCK_QUERIES } from '../../tokens.js';
import { byBook, requestedLines } from '../requested-lines.js';
import { IssueStockDto, UndoIssueDto } from './issue-stock.dto.js';

export interface IssueAnswer {
  reference: string;
  attempt: number;
  /** Of lines that this attempt had issued before: what forbids taking them by now. Who has not acted on it yet, must not. */
  blocked?: Problem[];
}

@ApiTags('inventory')
@Controller('inventory/issues')
@TakesNoIfMatch()
export class IssueStockController {
  constructor(
    @Inject(BOOK_KEEPER) private readonly books: BookKeeper,
    @Inject(STOCK_QUERIES) private readonly queries: StockQueries,
    @Inject(KNOWN_STOCK) private readonly knownStock: KnownStockReader,
    @Inject(SITE_DAYS) private readonly days: SiteDays,
  ) {}

  /**
   * Gives stock out for an act, all lines or none. A refusal with `partial: true` left part of it issued, because books
   * changed meanwhile: undo the reference once nobody else can carry it through.
   */
  @Post()
  @HttpCode(201)
  @Requires('inventory:issue')
  async issue(@Body() dto: IssueStockDto): Promise<IssueAnswer> {
    const lines = requestedLines(dto.lines);
    const { reference, attempt = 1, allocations = [] } = dto;
    const day = calendarDay(dto.day ?? '') ?? (await this.days.latest(lines.map(({ place }) => place)));
    const { unchanged } = await this.books.carryOut(
      { lots: lines.map((line) => line.lot) },
      [...byBook(lines)].map(([stream, own]) => ({
        stream,
        command: (c) => ({ type: 'issue', reference, attempt, lines: own, allocations, day, ...c }),
      })),
      commandContext(),
    );
    const blocked = await this.blockedSince(
      lines.filter((line) => unchanged.includes(stockStreamOf(line.lot))),
      day,
    );
    return { reference, attempt, ...(blocked.length > 0 && { blocked }) };
  }

  /** What was issued before is not asked for again; but a hold may have come since. */
  private async blockedSince(lines: readonly RequestedLine[], day: string): Promise<Problem[]> {
    if (lines.length === 0) return [];
    const known = await this.knownStock.read({ lots: lines.map((line) => line.lot) });
    const books = new Map<string, Book>();
    for (const stream of byBook(lines).keys()) books.set(stream, await this.books.read(stream));
    return lines.flatMap(({ lot, index }) => {
      const book = books.get(stockStreamOf(lot));
      return book ? blocksOf(book, known, lot, day).map((problem) => ({ ...problem, index })) : [];
    });
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
