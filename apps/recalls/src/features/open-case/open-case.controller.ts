import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { EventLog } from '#event-log';
import { uuidFromName } from '#kernel';
import { commandContext, EVENT_LOG, LOGGER, Requires } from '#platform';
import type { Logger } from 'pino';
import type { CaseKeeper } from '../../cases/case-keeper.js';
import type { OpenedCase } from '../../domain/recall-case.js';
import type { Scope } from '../../domain/scope.js';
import { isLate } from '../../scope/genealogy.js';
import { CASE_KEEPER } from '../../tokens.js';
import { OpenCaseDto } from './open-case.dto.js';
import { suspectsOf } from './suspect-of.js';

export interface OpenedAnswer {
  case: string;
  status: 'open' | 'closed';
  /** Lots in scope so far; the case itself has the live answer. */
  lots: number;
  /** Of these, lots whose stock book says that they are held. */
  held: number;
  /** Suspects that nothing recorded matches: mistyped, or not recorded yet. Absent where the scope follows later. */
  unknown?: OpenedCase['suspects'];
}

@ApiTags('recalls')
@Controller('recalls/cases')
export class OpenCaseController {
  constructor(
    @Inject(CASE_KEEPER) private readonly keeper: CaseKeeper,
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Opens a case. Its scope is computed from everything recorded so far, and held; should that take longer than a
   * request may, the case is open all the same and its scope follows.
   */
  @Post()
  @HttpCode(201)
  @Requires('recalls:write')
  async open(@Body() dto: OpenCaseDto): Promise<OpenedAnswer> {
    const context = commandContext();
    const id = dto.case ?? uuidFromName(`own-id:${context.eventSeed}`);
    const minPosition = await this.log.head();
    let recall = await this.keeper.command(id, {
      type: 'open',
      opening: {
        case: id,
        reason: dto.reason,
        ...(dto.class !== undefined && { class: dto.class }),
        drill: dto.drill ?? false,
        suspects: suspectsOf(dto.suspects),
      },
    });
    let reached: Scope | undefined;
    const found = (scope: Scope): void => void (reached = scope);
    try {
      recall = (await this.keeper.keep(id, { context, minPosition, found })) ?? recall;
    } catch (err) {
      if (!isLate(err)) throw err;
      this.logger.warn({ err, case: id }, 'the scope of a new case follows later');
    }
    const lots = Object.values(recall.lots);
    const { suspects } = recall;
    return {
      case: id,
      status: recall.status,
      lots: lots.length,
      held: lots.filter((lot) => lot.held).length,
      ...(reached && { unknown: reached.unmatched.flatMap((index) => suspects[index] ?? []) }),
    };
  }
}
