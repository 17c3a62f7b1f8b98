import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { placeIdOf } from '#contracts';
import { calendarDay, decimal, LotlineError, malformed, measure } from '#kernel';
import { commandContext, Requires, spontaneousContext, TakesNoIfMatch } from '#platform';
import type { BookKeeper, BookStep, KnownStockQuery } from '../../books/book-keeper.js';
import type { DeliveryQueries } from '../../deliveries/delivery-queries.js';
import type { Allocation } from '../../domain/book/book.js';
import type { WantedLine } from '../../domain/book/choose-lots.js';
import type { MinRemaining } from '../../domain/book/remaining-life.js';
import { statedOf, type StatedTake } from '../../domain/book/take.js';
import { itemNamed, stockStreamOfItem } from '../../domain/stock-stream.js';
import type { SiteDays } from '../../known-stock/site-days.js';
import type { StockQueries } from '../../known-stock/stock-queries.js';
import { BOOK_KEEPER, DELIVERY_QUERIES, SITE_DAYS, STOCK_QUERIES } from '../../tokens.js';
import { defined } from '../defined.js';
import { ownIdOf } from '../own-id.js';
import { byBook, requestedLines } from '../requested-lines.js';
import {
  AllocateStockDto,
  ReleaseAllocationDto,
  ReleasePromisesDto,
  type MinRemainingDto,
  WantedLineDto,
} from './allocate-stock.dto.js';
import { takenFrom } from './taken-from.js';
import { withExpected } from './with-expected.js';

export interface AllocationAnswer {
  allocation: string;
  lines: StatedTake[];
  /** Of a choice by FEFO: the lots in the order they were looked at, and why. */
  explained: Allocation['explained'];
  /** How many more lots were passed over. */
  passedOverBesides?: number;
}

@ApiTags('inventory')
@Controller('inventory/allocations')
@TakesNoIfMatch()
export class AllocateStockController {
  constructor(
    @Inject(BOOK_KEEPER) private readonly books: BookKeeper,
    @Inject(STOCK_QUERIES) private readonly queries: StockQueries,
    @Inject(DELIVERY_QUERIES) private readonly deliveries: DeliveryQueries,
    @Inject(SITE_DAYS) private readonly days: SiteDays,
  ) {}

  /** Promises stock, as a whole or not at all. */
  @Post()
  @HttpCode(201)
  @Requires('inventory:allocate')
  async allocate(@Body() dto: AllocateStockDto): Promise<AllocationAnswer> {
    const context = commandContext();
    const allocation = ownIdOf(context, dto.allocation);
    const neededOn = calendarDay(dto.neededOn ?? '') ?? (await this.today(dto));
    const { query, steps, wanted } = planOf(dto, { allocation, for: dto.for, neededOn });
    try {
      await this.whole(allocation, steps, async () => this.books.carryOut(query, steps, context));
    } catch (error) {
      if (!(error instanceof LotlineError) || error.kind !== 'refused') throw error;
      const problems = await withExpected(error.problems, wanted, this.deliveries);
      throw new LotlineError(error.kind, error.code, error.message, problems, error.details);
    }
    // From the books, so that a repeated command gets the same answer.
    const books = await Promise.all(steps.map(async ({ stream }) => this.books.read(stream)));
    const made = books.flatMap((book) => book.allocations.get(allocation) ?? []);
    const passedOverBesides = made.reduce((sum, m) => sum + (m.passedOverBesides ?? 0), 0);
    return {
      allocation,
      lines: made.flatMap(({ lines }) => lines.map(statedOf)),
      explained: made.flatMap((m) => m.explained).sort((a, b) => (a.line ?? 0) - (b.line ?? 0)),
      ...(passedOverBesides > 0 && { passedOverBesides }),
    };
  }

  /** The latest day of where it is taken from: what is good on it is good at all of them. */
  private async today(dto: AllocateStockDto): Promise<string> {
    const { places, items } = takenFrom(dto);
    return this.days.latest([...places, ...(items.length === 0 ? [] : await this.queries.placesOf(items))]);
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

interface Plan {
  query: KnownStockQuery;
  steps: BookStep[];
  /** The lines whose lots are chosen. */
  wanted: WantedLine[];
}

const minRemainingOf = (dto: MinRemainingDto | undefined): MinRemaining | undefined =>
  dto && { days: dto.days, share: dto.share === undefined ? undefined : decimal(dto.share) };

const explicit = (dtos: NonNullable<AllocateStockDto['lines']>, dto: AllocateStockDto, asked: Asked): Plan => {
  const lines = requestedLines(dtos);
  const minRemaining = minRemainingOf(dto.minRemaining);
  return {
    query: { lots: lines.map((line) => line.lot) },
    wanted: [],
    steps: [...byBook(lines)].map(([stream, own]) => ({
      stream,
      command: (c) => ({ type: 'allocate', ...asked, lines: own, minRemaining, ...c }),
    })),
  };
};

/** Lines by the item whose book they are decided in. */
const firstExpired = (dtos: readonly WantedLineDto[], dto: AllocateStockDto, asked: Asked): Plan => {
  const wanted = dtos.map((line, index): WantedLine => ({
    index,
    item: itemNamed(line.item),
    ...measure(line.amount.value, line.amount.unit),
    place: line.place === undefined ? undefined : placeIdOf(line.place).id,
    preferredPlace: line.preferredPlace === undefined ? undefined : placeIdOf(line.preferredPlace).id,
    minRemaining: minRemainingOf(line.minRemaining ?? dto.minRemaining),
    split: line.split ?? dto.split ?? true,
  }));
  const books = Map.groupBy(wanted, ({ item }) => item);
  return {
    query: { items: [...books.keys()] },
    wanted,
    steps: [...books].map(([item, own]) => ({
      stream: stockStreamOfItem(item),
      command: (c) => ({ type: 'allocate-fefo', ...asked, wanted: own, ...c }),
    })),
  };
};

const planOf = (dto: AllocateStockDto, asked: Asked): Plan => {
  const { lines, wanted, item, amount, place, preferredPlace } = dto;
  const ways = [lines, wanted, item].filter((way) => way !== undefined);
  if (ways.length !== 1 || (item !== undefined && amount === undefined))
    throw malformed('invalid-request', 'an allocation names one of `lines`, `wanted`, or `item` and `amount`');
  if (lines !== undefined) return explicit(lines, dto, asked);
  if (wanted !== undefined) return firstExpired(wanted, dto, asked);
  const one = Object.assign(new WantedLineDto(), { item, amount, ...defined({ place, preferredPlace }) });
  return firstExpired([one], dto, asked);
};
