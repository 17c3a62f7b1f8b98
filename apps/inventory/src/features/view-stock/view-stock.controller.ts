import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { canonicalId, notFound, type Amount } from '#kernel';
import { ReadsFrom, Requires, type Page } from '#platform';
import type { LotDates } from '#traceability';
import type { BookKeeper, KnownStockReader } from '../../books/book-keeper.js';
import { available } from '../../domain/book/available.js';
import { datesOf } from '../../domain/book/blocks.js';
import { holdsOn, qualityOf, type Hold, type Quality } from '../../domain/book/book.js';
import { statedOf } from '../../domain/book/take.js';
import { itemNamed, stockStreamOf } from '../../domain/stock-stream.js';
import { STOCK } from '../../known-stock/stock-name.js';
import type { HoldView, StockPage, StockQueries } from '../../known-stock/stock-queries.js';
import { BOOK_KEEPER, KNOWN_STOCK, STOCK_QUERIES } from '../../tokens.js';
import { ViewHoldsDto, ViewStockDto } from './view-stock.dto.js';

export interface LotView {
  lot: string;
  /** Where known stock stood. */
  position: string;
  quality: Quality;
  holds: Hold[];
  dates: LotDates;
  stock: { place: string; amount: Amount; available: Amount }[];
}

@ApiTags('inventory')
@Controller('inventory')
export class ViewStockController {
  constructor(
    @Inject(STOCK_QUERIES) private readonly queries: StockQueries,
    @Inject(BOOK_KEEPER) private readonly books: BookKeeper,
    @Inject(KNOWN_STOCK) private readonly knownStock: KnownStockReader,
  ) {}

  /** Stock on hand by lot and place, with what keeps it from being taken. */
  @Get('stock')
  @Requires('inventory:read')
  @ReadsFrom(STOCK)
  async stock(@Query() { item, limit = 100, ...filter }: ViewStockDto): Promise<StockPage> {
    const named = item === undefined ? undefined : itemNamed(item);
    return this.queries.stock({ ...filter, item: named, limit });
  }

  /** Holds that stand. */
  @Get('holds')
  @Requires('inventory:read')
  @ReadsFrom(STOCK)
  async holds(@Query() { limit = 100, ...filter }: ViewHoldsDto): Promise<Page<HoldView>> {
    return this.queries.holds({ ...filter, limit });
  }

  /** One lot as its book and the facts have it: quality, holds, dates, and what may still be promised of it. */
  @Get('lots/:id')
  @Requires('inventory:read')
  @ReadsFrom(STOCK)
  async lot(@Param('id') id: string): Promise<LotView> {
    const lot = canonicalId(id).id;
    const known = await this.knownStock.read({ lots: [lot] });
    const book = await this.books.read(stockStreamOf(lot));
    const facts = known.lots.get(lot);
    if (!facts && !book.lots.has(lot)) throw notFound('lot-unknown', `nothing is recorded of lot ${lot}`);
    return {
      lot,
      position: known.position,
      quality: qualityOf(book, lot),
      holds: [...holdsOn(book, lot).values()],
      dates: datesOf(book, known, lot),
      stock: (facts?.balances ?? []).map((balance) => {
        const there = { lot, ...balance };
        return {
          place: balance.place,
          amount: statedOf(there).amount,
          available: statedOf({ ...there, value: available(book, known, there) }).amount,
        };
      }),
    };
  }
}
