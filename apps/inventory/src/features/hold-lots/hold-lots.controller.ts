import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { canonicalId } from '#kernel';
import { commandContext, Requires, TakesNoIfMatch } from '#platform';
import type { BookKeeper } from '../../books/book-keeper.js';
import { stockStreamOf } from '../../domain/stock-stream.js';
import { BOOK_KEEPER } from '../../tokens.js';
import { ownIdOf } from '../own-id.js';
import { HoldLotDto, HoldManyDto, LiftHoldDto, LiftManyDto } from './hold-lots.dto.js';
import { eachBook, type LotResult } from './hold-lots.js';

@ApiTags('inventory')
@Controller('inventory')
@TakesNoIfMatch()
export class HoldLotsController {
  constructor(@Inject(BOOK_KEEPER) private readonly books: BookKeeper) {}

  /** Holds one lot. It stays held until every hold on it is lifted. */
  @Post('lots/:id/holds')
  @HttpCode(201)
  @Requires('inventory:hold')
  async hold(@Param('id') id: string, @Body() dto: HoldLotDto): Promise<{ lot: string; holdId: string }> {
    const context = commandContext();
    const lot = canonicalId(id).id;
    const holdId = ownIdOf(context, dto.holdId);
    const { reason, owner = 'quality' } = dto;
    await this.books.carryOut(
      {},
      [{ stream: stockStreamOf(lot), command: (c) => ({ type: 'hold', lots: [lot], holdId, reason, owner, ...c }) }],
      context,
    );
    return { lot, holdId };
  }

  /** Lifts this hold and no other. */
  @Post('lots/:id/holds/:holdId/lift')
  @HttpCode(200)
  @Requires('inventory:hold')
  async lift(
    @Param('id') id: string,
    @Param('holdId') holdId: string,
    @Body() dto: LiftHoldDto,
  ): Promise<{ lot: string; holdId: string }> {
    const lot = canonicalId(id).id;
    const { reason, owner } = dto;
    await this.books.carryOut(
      {},
      [{ stream: stockStreamOf(lot), command: (c) => ({ type: 'lift', lots: [lot], holdId, reason, owner, ...c }) }],
      commandContext(),
    );
    return { lot, holdId };
  }

  /** Holds many lots under one id; the answer says of each lot whether its book has the hold. May be repeated. */
  @Post('holds')
  @HttpCode(200)
  @Requires('inventory:hold')
  async holdMany(@Body() dto: HoldManyDto): Promise<{ holdId: string; results: LotResult[] }> {
    const { holdId, reason, owner } = dto;
    const lots = dto.lots.map((id) => canonicalId(id).id);
    const results = await eachBook(
      this.books,
      lots,
      (own, c) => ({ type: 'hold', lots: own, holdId, reason, owner, ...c }),
      commandContext(),
    );
    return { holdId, results };
  }

  /** Lifts one hold from many lots. May be repeated. */
  @Post('holds/:holdId/lift')
  @HttpCode(200)
  @Requires('inventory:hold')
  async liftMany(
    @Param('holdId') holdId: string,
    @Body() dto: LiftManyDto,
  ): Promise<{ holdId: string; results: LotResult[] }> {
    const { reason, owner } = dto;
    const lots = dto.lots.map((id) => canonicalId(id).id);
    const results = await eachBook(
      this.books,
      lots,
      (own, c) => ({ type: 'lift', lots: own, holdId, reason, owner, ...c }),
      commandContext(),
    );
    return { holdId, results };
  }
}
