import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { canonicalId } from '#kernel';
import { commandContext, Requires, TakesNoIfMatch } from '#platform';
import type { BookKeeper } from '../../books/book-keeper.js';
import type { BookCommand, Circumstances } from '../../domain/book/command.js';
import { stockStreamOf } from '../../domain/stock-stream.js';
import { BOOK_KEEPER } from '../../tokens.js';
import { defined } from '../defined.js';
import { ownIdOf } from '../own-id.js';
import { RecordInspectionDto, RejectLotDto, ReleaseLotDto } from './judge-lot.dto.js';

@ApiTags('inventory')
@Controller('inventory/lots/:id')
@TakesNoIfMatch()
export class JudgeLotController {
  constructor(@Inject(BOOK_KEEPER) private readonly books: BookKeeper) {}

  /** Quality releases the lot for use. Holds on it stand. */
  @Post('release')
  @HttpCode(200)
  @Requires('inventory:quality')
  async release(@Param('id') id: string, @Body() { reason }: ReleaseLotDto): Promise<{ lot: string }> {
    return this.judge(id, (lot, c) => ({ type: 'release', lot, reason, ...c }));
  }

  /** Quality rejects the lot: nobody takes it any more, it may be scrapped. */
  @Post('reject')
  @HttpCode(200)
  @Requires('inventory:quality')
  async reject(@Param('id') id: string, @Body() { reason }: RejectLotDto): Promise<{ lot: string }> {
    return this.judge(id, (lot, c) => ({ type: 'reject', lot, reason, ...c }));
  }

  /** Records the result of an inspection; what follows from it is a decision of its own. */
  @Post('inspections')
  @HttpCode(201)
  @Requires('inventory:quality')
  async inspect(
    @Param('id') id: string,
    @Body() dto: RecordInspectionDto,
  ): Promise<{ lot: string; inspection: string }> {
    const { inspectedAt, ...result } = dto;
    const inspection = ownIdOf(commandContext(), dto.inspection);
    const { lot } = await this.judge(id, (named, c) => ({
      type: 'inspect',
      inspection: { ...defined({ ...result }), lot: named, inspection, result: dto.result },
      at: inspectedAt,
      ...c,
    }));
    return { lot, inspection };
  }

  private async judge(
    id: string,
    command: (lot: string, circumstances: Circumstances) => BookCommand,
  ): Promise<{ lot: string }> {
    const lot = canonicalId(id).id;
    await this.books.carryOut(
      { lots: [lot] },
      [{ stream: stockStreamOf(lot), command: (c) => command(lot, c) }],
      commandContext(),
    );
    return { lot };
  }
}
