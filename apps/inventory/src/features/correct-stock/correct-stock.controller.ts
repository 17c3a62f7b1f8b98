import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { placeIdOf } from '#contracts';
import { measure } from '#kernel';
import { commandContext, Requires, TakesNoIfMatch } from '#platform';
import type { BookKeeper } from '../../books/book-keeper.js';
import { lotNamed, stockStreamOf } from '../../domain/stock-stream.js';
import { BOOK_KEEPER } from '../../tokens.js';
import { ownIdOf } from '../own-id.js';
import { AdjustStockDto, ScrapStockDto } from './correct-stock.dto.js';

@ApiTags('inventory')
@Controller('inventory')
@TakesNoIfMatch()
export class CorrectStockController {
  constructor(@Inject(BOOK_KEEPER) private readonly books: BookKeeper) {}

  /** Sets the stock of a lot at a place to what was counted. */
  @Post('adjustments')
  @HttpCode(201)
  @Requires('inventory:write')
  async adjust(@Body() dto: AdjustStockDto): Promise<{ count: string; lot: string }> {
    const context = commandContext();
    const lot = lotNamed(dto);
    const count = ownIdOf(context, dto.count);
    const counted = { lot, place: placeIdOf(dto.place).id, ...measure(dto.counted.value, dto.counted.unit) };
    await this.books.carryOut(
      { lots: [lot] },
      [
        {
          stream: stockStreamOf(lot),
          command: (c) => ({ type: 'adjust', count, counted, reason: dto.reason, at: dto.countedAt, ...c }),
        },
      ],
      context,
    );
    return { count, lot };
  }

  /** Scraps stock that nobody was promised; held, rejected and expired stock too. */
  @Post('scraps')
  @HttpCode(201)
  @Requires('inventory:write')
  async scrap(@Body() dto: ScrapStockDto): Promise<{ scrap: string; lot: string }> {
    const context = commandContext();
    const lot = lotNamed(dto);
    const scrap = ownIdOf(context, dto.scrap);
    const take = { lot, place: placeIdOf(dto.place).id, ...measure(dto.amount.value, dto.amount.unit) };
    await this.books.carryOut(
      { lots: [lot] },
      [
        {
          stream: stockStreamOf(lot),
          command: (c) => ({ type: 'scrap', scrap, take, reason: dto.reason, at: dto.scrappedAt, ...c }),
        },
      ],
      context,
    );
    return { scrap, lot };
  }
}
