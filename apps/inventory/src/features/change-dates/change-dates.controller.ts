import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ValidateNested } from 'class-validator';
import { canonicalId } from '#kernel';
import { commandContext, IsText, Requires, TakesNoIfMatch, DatesDto } from '#platform';
import type { LotDates } from '#traceability';
import type { BookKeeper } from '../../books/book-keeper.js';
import { stockStreamOf } from '../../domain/stock-stream.js';
import { BOOK_KEEPER } from '../../tokens.js';
import { defined } from '../defined.js';

export class ChangeDatesDto {
  @ValidateNested()
  @Type(() => DatesDto)
  dates!: DatesDto;

  @IsText()
  reason!: string;
}

@ApiTags('inventory')
@Controller('inventory/lots/:id/dates')
@TakesNoIfMatch()
export class ChangeDatesController {
  constructor(@Inject(BOOK_KEEPER) private readonly books: BookKeeper) {}

  /** States or changes dates of a lot; those not named stay. */
  @Post()
  @HttpCode(200)
  @Requires('inventory:quality')
  async change(@Param('id') id: string, @Body() dto: ChangeDatesDto): Promise<{ lot: string }> {
    const lot = canonicalId(id).id;
    const dates: LotDates = defined(dto.dates);
    await this.books.carryOut(
      { lots: [lot] },
      [
        {
          stream: stockStreamOf(lot),
          command: (c) => ({ type: 'change-dates', lot, dates, reason: dto.reason, ...c }),
        },
      ],
      commandContext(),
    );
    return { lot };
  }
}
