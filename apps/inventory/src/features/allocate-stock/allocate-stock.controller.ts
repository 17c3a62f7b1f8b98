import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { placeIdOf } from '#contracts';
import { calendarDay, LotlineError, malformed, measure, type Clock } from '#kernel';
import { CLOCK, commandContext, Requires, spontaneousContext, TakesNoIfMatch } from '#platform';
import type { BookKeeper, BookStep, KnownStockQuery } from '../../books/book-keeper.js';
import type { Allocation } from '../../domain/book/book.js';
import { statedOf, type StatedTake } from '../../domain/book/take.js';
import { itemNamed, stockStreamOfItem } from '../../domain/stock-stream.js';
import type { StockQueries } from '../../known-stock/stock-queries.js';
import { BOOK_KEEPER, STOCK_QUERIES } from '../../tokens.js';
import { ownIdOf } from '../own-id.js';
import { byBook, requestedLines } from '../requested-lines.js';
import { AllocateStockDto, ReleaseAllocationDto, ReleasePromisesDto } from './allocate-stock.dto.js';

export interface AllocationAnswer {
  allocation: string;
  lines: StatedTake[];
  /** Of a choice by FEFO: the lots in the order they were looked at, and why. */
  explained: Allocation['explained'];
}

@ApiTags('inventory')
@Controller('inventory/allocations')
@TakesNoIfMatch()
export class AllocateStockController {
  constructor(
    @Inject(BOOK_KEEPER) private readonly books: BookKeeper,
    @Inject(STOCK_QUERIES) private readonly queries: StockQueries,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Promises stock, as a whole or not at all. */
  @Post()
  @HttpCode(201)
  @Requires('inventory:allocate')
  async allocate(@Body() dto: AllocateStockDto): Promise<AllocationAnswer> {
    const context = commandContext();
    const allocation = ownIdOf(context, dto.allocation);
    const neededOn = calendarDay(dto.neededOn ?? '') ?? this.clock().toISOString().slice(0, 10);
    const { query, steps } = dto.lines
      ? explicit(dto.lines, { allocation, for: dto.for, neededOn })
      : firstExpired(dto, { allocation, for: dto.for, neededOn });
    await this.whole(allocation, steps, async () => this.books.carryOut(query, steps, context));
    // From the books, so that a repeated command gets the same answer.
    const books = await Promise.all(steps.map(async ({ stream }) => this.books.read(stream)));
    const made = books.flatMap((book) => book.allocations.get(allocation) ?? []);
    return {
      allocation,
      lines: made.flatMap(({ lines }) => lines.map(statedOf)),
      explained: made.flatMap((m) => m.explained),
    };
  }

  /** A book that said no after another had promised its part leaves nothing promised. */
  private async whole(allocation: string, steps: readonly BookStep[], work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof LotlineError) || error.details.partial !== true) throw error;
      const reason = 'not all of it could be promised';
      for (const { stream } of steps)
        if ((await this.books.read(stream)).allocations.has(allocation))
          await this.books.carryOut(
            {},
            [{ stream, command: (c) => ({ type: 'release-allocation', allocation, reason, ...c }) }],
            spontaneousContext('inventory'),
          );
      const { partial: _partial, ...details } = error.details;
      throw new LotlineError(error.kind, error.code, error.message, error.problems, details);
    }
  }

  /** Gives back all that was promised to somebody, in whichever books. */
  @Post('release')
  @HttpCode(200)
  @Requires('inventory:allocate')
  async releasePromises(@Body() dto: ReleasePromisesDto): Promise<{ for: string }> {
    const streams = await this.queries.booksOfPromises(dto.for);
    await this.books.carryOut(
      {},
      streams.map((stream) => ({
        stream,
        command: (c) => ({ type: 'release-promises', for: dto.for, reason: dto.reason, ...c }),
      })),
      commandContext(),
    );
    return { for: dto.for };
  }

  /** Gives back what is left of an allocation. */
  @Post(':id/release')
  @HttpCode(200)
  @Requires('inventory:allocate')
  async release(
    @Param('id') allocation: string,
    @Body() { reason }: ReleaseAllocationDto,
  ): Promise<{ allocation: string }> {
    const streams = await this.queries.booksOf('allocation', allocation);
    if (streams.length === 0)
      throw new LotlineError('not-found', 'allocation-unknown', `there is no allocation ${allocation}`);
    await this.books.carryOut(
      {},
      streams.map((stream) => ({ stream, command: (c) => ({ type: 'release-allocation', allocation, reason, ...c }) })),
      commandContext(),
    );
    return { allocation };
  }
}

interface Asked {
  allocation: string;
  for: string;
  neededOn: string;
}

const explicit = (
  dtos: NonNullable<AllocateStockDto['lines']>,
  asked: Asked,
): { query: KnownStockQuery; steps: BookStep[] } => {
  const lines = requestedLines(dtos);
  return {
    query: { lots: lines.map((line) => line.lot) },
    steps: [...byBook(lines)].map(([stream, own]) => ({
      stream,
      command: (c) => ({ type: 'allocate', ...asked, lines: own, ...c }),
    })),
  };
};

const firstExpired = (dto: AllocateStockDto, asked: Asked): { query: KnownStockQuery; steps: BookStep[] } => {
  if (dto.item === undefined || dto.amount === undefined)
    throw malformed('invalid-request', 'an allocation names `lines`, or `item` and `amount`');
  const item = itemNamed(dto.item);
  const place = dto.place === undefined ? undefined : placeIdOf(dto.place).id;
  const amount = measure(dto.amount.value, dto.amount.unit);
  return {
    query: { items: [item] },
    steps: [
      {
        stream: stockStreamOfItem(item),
        command: (c) => ({ type: 'allocate-fefo', ...asked, item, place, ...amount, ...c }),
      },
    ],
  };
};
