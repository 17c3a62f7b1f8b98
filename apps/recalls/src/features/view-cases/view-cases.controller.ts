import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString } from 'class-validator';
import { readPosition } from '#event-log';
import { notFound } from '#kernel';
import { cursorKey, PageDto, pageOf, ReadsFrom, Requires, type Page } from '#platform';
import type { CaseKeeper } from '../../cases/case-keeper.js';
import type { CaseList } from '../../cases/case-list.js';
import { CASES } from '../../cases/cases-projector.js';
import { caseView, type CaseView } from '../../domain/case-view.js';
import { consigneesInScope, type OpenedCase } from '../../domain/recall-case.js';
import { scopeFrom } from '../../domain/scope.js';
import type { Genealogy } from '../../scope/genealogy.js';
import { CASE_KEEPER, CASE_LIST, GENEALOGY } from '../../tokens.js';

export class ListCasesDto extends PageDto {
  @IsOptional()
  @IsIn(['open', 'closed'])
  status?: 'open' | 'closed';
}

export class ViewCaseDto {
  /** Answer only once the record contains this log position. */
  @IsOptional()
  @IsString()
  minPosition?: string;
}

export interface CaseSummary {
  case: string;
  status: OpenedCase['status'];
  reason: string;
  drill: boolean;
  openedAt: string;
  lots: number;
  held: number;
  consignees: number;
  notices: number;
}

const summaryOf = (recall: OpenedCase): CaseSummary => {
  const lots = Object.values(recall.lots).filter((lot) => !lot.excluded);
  return {
    case: recall.case,
    status: recall.status,
    reason: recall.reason,
    drill: recall.drill,
    openedAt: recall.openedAt,
    lots: lots.length,
    held: lots.filter((lot) => lot.held).length,
    consignees: consigneesInScope(recall).length,
    notices: recall.notices.length,
  };
};

@ApiTags('recalls')
@Controller('recalls/cases')
export class ViewCasesController {
  constructor(
    @Inject(CASE_KEEPER) private readonly keeper: CaseKeeper,
    @Inject(CASE_LIST) private readonly cases: CaseList,
    @Inject(GENEALOGY) private readonly genealogy: Genealogy,
  ) {}

  /** Cases in order of their ids. */
  @Get()
  @Requires('recalls:read')
  @ReadsFrom(CASES)
  async list(@Query() { status, cursor, limit = 100 }: ListCasesDto): Promise<Page<CaseSummary>> {
    const [after = null] = cursorKey(cursor, 1);
    const found = await this.cases.list({ status, after, limit: limit + 1 });
    return pageOf(found.map(summaryOf), limit, (summary) => [summary.case]);
  }

  /** One case, live: its scope with exposure, stock, shipments and consignees as the record has them now. */
  @Get(':id')
  @Requires('recalls:read')
  async view(@Param('id') id: string, @Query() { minPosition }: ViewCaseDto): Promise<CaseView> {
    const from = minPosition === undefined ? undefined : readPosition(minPosition, 'minPosition');
    const recall = await this.keeper.read(id);
    if (!recall) throw notFound('case-unknown', `there is no case ${id}`);
    const started = performance.now();
    const scope = scopeFrom(await this.genealogy.scope(recall.suspects, from));
    return caseView(recall, scope, Math.round(performance.now() - started));
  }
}
