import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { EventLog } from '#event-log';
import { canonicalId, notFound, type Clock } from '#kernel';
import { CLOCK, commandContext, EVENT_LOG, ReadsFrom, Requires, TakesNoIfMatch } from '#platform';
import type { BookKeeper } from '../../books/book-keeper.js';
import { readPlans } from '../../books/read-plans.js';
import type { Book } from '../../domain/book/book.js';
import { inspectionsOf, itemOfLot, planOfLot } from '../../domain/book/inspections.js';
import { NO_PLANS, type Plan, planAt, type Plans } from '../../domain/inspection/plan.js';
import { stockStreamOf } from '../../domain/stock-stream.js';
import { BOOK_KEEPER } from '../../tokens.js';
import { DecideUsageDto, RecordResultsDto } from './inspect-lot.dto.js';
import { inspectionNamed } from './inspection-named.js';
import { inspectionView, type InspectionView } from './inspection-view.js';
import { openFailed } from './open-failed.js';

export interface InspectedLot {
  lot: string;
  /** The plan that holds for it now; null where none does. */
  plan: Plan | null;
  inspections: InspectionView[];
}

@ApiTags('inventory')
@Controller('inventory/lots/:id/inspections')
@TakesNoIfMatch()
export class InspectLotController {
  constructor(
    @Inject(BOOK_KEEPER) private readonly books: BookKeeper,
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @Requires('inventory:read')
  @ReadsFrom()
  @ApiOperation({
    summary: 'The plan a lot is inspected by, and its inspections: results, what is missing, decisions.',
  })
  async view(@Param('id') id: string): Promise<InspectedLot> {
    const lot = canonicalId(id).id;
    const { book, plans } = await this.read(lot);
    return {
      lot,
      plan: planOfLot(book, lot, { plans }) ?? null,
      inspections: [...inspectionsOf(book, lot)].map(([name, inspection]) => inspectionView(name, inspection, plans)),
    };
  }

  /** A failed characteristic opens a nonconformance, once for the inspection. */
  @Post(':inspection/results')
  @HttpCode(201)
  @Requires('inventory:quality')
  @ApiOperation({ summary: 'Record results against the plan; whether they pass follows from its limits.' })
  @ApiBody({
    type: RecordResultsDto,
    examples: {
      milk: {
        value: {
          results: [
            { characteristic: 'pH', values: ['6.6', '6.7', '6.7'] },
            { characteristic: 'antibiotics', values: ['absent'] },
          ],
          inspectedAt: '2026-04-20T10:00:00Z',
        },
      },
    },
  })
  async record(
    @Param('id') id: string,
    @Param('inspection') named: string,
    @Body() { results, note, inspectedAt }: RecordResultsDto,
  ): Promise<InspectionView & { lot: string; nonconformance?: string }> {
    const lot = canonicalId(id).id;
    const inspection = inspectionNamed(named);
    await this.books.carryOut(
      { lots: [lot] },
      [
        {
          stream: stockStreamOf(lot),
          command: (c) => ({ type: 'record-results', lot, inspection, results, note, at: inspectedAt, ...c }),
        },
      ],
      commandContext(),
    );
    const { book, plans } = await this.read(lot);
    const recorded = inspectionsOf(book, lot).get(inspection);
    if (recorded === undefined) throw notFound('inspection-unknown', `nothing is recorded of inspection ${inspection}`);
    const now = this.clock().toISOString();
    const opened = await openFailed(this.log, { lot, inspection, now }, recorded, planAt(plans, recorded.plan));
    return {
      lot,
      ...inspectionView(inspection, recorded, plans),
      ...(opened !== undefined && { nonconformance: opened }),
    };
  }

  /** Accepting releases the lot, `reject` and `scrap` reject it, `rework` holds it (`rework:{inspection}`). */
  @Post(':inspection/decision')
  @HttpCode(200)
  @Requires('inventory:quality')
  @ApiOperation({
    summary: 'Decide on an inspection: accept, accept with a restriction, rework, reject or scrap the lot.',
  })
  @ApiBody({
    type: DecideUsageDto,
    examples: {
      restricted: {
        value: {
          decision: 'accept-restricted',
          reason: 'pH at the upper limit',
          restriction: 'for heated products only',
          retest: '2026-10-20',
        },
      },
      rejected: { value: { decision: 'reject', reason: 'antibiotics found' } },
    },
  })
  async decide(
    @Param('id') id: string,
    @Param('inspection') named: string,
    @Body() { decision, reason, restriction, retest }: DecideUsageDto,
  ): Promise<InspectionView & { lot: string }> {
    const lot = canonicalId(id).id;
    const inspection = inspectionNamed(named);
    const context = commandContext();
    await this.books.carryOut(
      { lots: [lot] },
      [
        {
          stream: stockStreamOf(lot),
          command: (c) => ({
            ...{ type: 'decide-usage', lot, inspection, by: context.actor },
            ...{ decision, reason, restriction, retest },
            ...c,
          }),
        },
      ],
      context,
    );
    const { book, plans } = await this.read(lot);
    const decided = inspectionsOf(book, lot).get(inspection);
    if (decided === undefined) throw notFound('inspection-unknown', `nothing is recorded of inspection ${inspection}`);
    return { lot, ...inspectionView(inspection, decided, plans) };
  }

  private async read(lot: string): Promise<{ book: Book; plans: Plans }> {
    const book = await this.books.read(stockStreamOf(lot));
    const item = itemOfLot(book, lot);
    return { book, plans: item === undefined ? NO_PLANS : (await readPlans(this.log, item)).plans };
  }
}
