import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { canonicalId } from '#kernel';
import { commandContext, expectedRevision, IsIdentifier, IsText, LOGGER, Requires } from '#platform';
import type { Logger } from 'pino';
import type { CaseKeeper } from '../../cases/case-keeper.js';
import type { OpenedCase } from '../../domain/recall-case.js';
import { isLate } from '../../scope/genealogy.js';
import { CASE_KEEPER } from '../../tokens.js';

export class DecideCaseDto {
  @IsText()
  reason!: string;
}

export class ExcludeLotDto extends DecideCaseDto {
  @IsIdentifier()
  lot!: string;
}

export interface DecidedAnswer {
  case: string;
  status: OpenedCase['status'];
}

@ApiTags('recalls')
@Controller('recalls/cases/:id')
@Requires('recalls:write')
export class DecideCaseController {
  constructor(
    @Inject(CASE_KEEPER) private readonly keeper: CaseKeeper,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Closes the case by decision. Its holds are lifted, and no others. */
  @Post('close')
  @HttpCode(200)
  async close(@Param('id') id: string, @Body() { reason }: DecideCaseDto): Promise<DecidedAnswer> {
    return this.decide(id, await this.keeper.command(id, { type: 'close', reason }, { expected: expectedRevision() }));
  }

  /** Opens a closed case again: its scope is computed and held anew. */
  @Post('reopen')
  @HttpCode(200)
  async reopen(@Param('id') id: string, @Body() { reason }: DecideCaseDto): Promise<DecidedAnswer> {
    return this.decide(id, await this.keeper.command(id, { type: 'reopen', reason }, { expected: expectedRevision() }));
  }

  /** Takes one lot out of the case by decision; what was made of it stays in. */
  @Post('exclusions')
  @HttpCode(201)
  async exclude(@Param('id') id: string, @Body() dto: ExcludeLotDto): Promise<DecidedAnswer> {
    const lot = canonicalId(dto.lot).id;
    const { reason } = dto;
    return this.decide(
      id,
      await this.keeper.command(id, { type: 'exclude', lot, reason }, { expected: expectedRevision() }),
    );
  }

  /** The decision stands; holds that cannot be brought in line at once are by the process that follows the log. */
  private async decide(id: string, decided: OpenedCase): Promise<DecidedAnswer> {
    try {
      await this.keeper.keep(id, { context: commandContext() });
    } catch (err) {
      if (!isLate(err)) throw err;
      this.logger.warn({ err, case: id }, 'the holds of a case follow later');
    }
    return { case: id, status: decided.status };
  }
}
