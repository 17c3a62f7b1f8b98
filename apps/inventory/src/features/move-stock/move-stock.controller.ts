import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { placeIdOf } from '#contracts';
import { measure } from '#kernel';
import { commandContext, Requires, TakesNoIfMatch } from '#platform';
import type { BookKeeper } from '../../books/book-keeper.js';
import { lotNamed, stockStreamOf } from '../../domain/stock-stream.js';
import { BOOK_KEEPER } from '../../tokens.js';
import { ownIdOf } from '../own-id.js';
import { MoveStockDto } from './move-stock.dto.js';

@ApiTags('inventory')
@Controller('inventory/moves')
@TakesNoIfMatch()
export class MoveStockController {
  constructor(@Inject(BOOK_KEEPER) private readonly books: BookKeeper) {}

  /** Moves stock that nobody was promised; what is kept where it is only if that is asked for. */
  @Post()
  @HttpCode(201)
  @Requires('inventory:write')
  @ApiOperation({ summary: 'Move an amount of a lot from a place to another.' })
  async move(@Body() dto: MoveStockDto): Promise<{ move: string; lot: string }> {
    const context = commandContext();
    const lot = lotNamed(dto);
    const move = ownIdOf(context, dto.move);
    const take = { lot, place: placeIdOf(dto.from).id, ...measure(dto.amount.value, dto.amount.unit) };
    const to = placeIdOf(dto.to).id;
    const { evenIfBlocked = false, reason, movedAt: at } = dto;
    await this.books.carryOut(
      { lots: [lot], places: [to] },
      [
        {
          stream: stockStreamOf(lot),
          command: (c) => ({ type: 'move', move, take, to, evenIfBlocked, reason, at, ...c }),
        },
      ],
      context,
    );
    return { move, lot };
  }
}
