import { Body, Controller, Get, HttpCode, Inject, Param, Post, Put, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import { partyIdOf } from '#contracts';
import type { EventLog } from '#event-log';
import { notFound, type Clock } from '#kernel';
import {
  answerRevision,
  CLOCK,
  EVENT_LOG,
  expectedRevision,
  handleCommand,
  type Page,
  ReadsFrom,
  Requires,
} from '#platform';
import { readPlans } from '../../books/read-plans.js';
import { type Plan, type PlanCommand, planDecider, type Plans, planStreamOf } from '../../domain/inspection/plan.js';
import { itemNamed } from '../../domain/stock-stream.js';
import { QUALITY } from '../../read-model/quality-name.js';
import { type ListedPlan, QualityQueries } from '../../read-model/quality-queries.js';
import { defined } from '../defined.js';
import { DefinePlanDto, ListPlansDto, WithdrawPlanDto } from './inspection-plans.dto.js';

export interface PlansOfItem {
  item: string;
  /** As they are now; withdrawn ones are left out. The one without a supplier is the item's own. */
  plans: Plan[];
}

const standing = (plans: Plans): Plan[] =>
  [...plans]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, { versions, withdrawn }]) => (withdrawn ? [] : versions.slice(-1)));

const supplierNamed = (text: string | undefined): { supplier?: string } =>
  text === undefined ? {} : { supplier: partyIdOf(text).id };

@ApiTags('inventory')
@Controller('inventory/inspection-plans')
export class InspectionPlansController {
  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(QualityQueries) private readonly queries: QualityQueries,
  ) {}

  @Put(':item')
  @Requires('inventory:quality')
  @ApiOperation({ summary: 'Lay down what has to be checked of an item, or of an item from one supplier.' })
  @ApiBody({
    type: DefinePlanDto,
    examples: {
      milk: {
        value: {
          supplier: 'https://id.gs1.org/417/9506000200020',
          quarantine: true,
          characteristics: [
            { characteristic: 'pH', lower: '6.5', upper: '6.8', sampleSize: 3 },
            { characteristic: 'temperature', unit: 'CEL', upper: '6' },
            { characteristic: 'antibiotics', expected: 'absent' },
          ],
        },
      },
    },
  })
  async define(@Param('item') named: string, @Body() dto: DefinePlanDto): Promise<PlansOfItem> {
    const item = itemNamed(named);
    const plan = {
      item,
      ...supplierNamed(dto.supplier),
      quarantine: dto.quarantine,
      characteristics: dto.characteristics.map(({ characteristic, unit, lower, upper, expected, sampleSize = 1 }) => ({
        characteristic,
        ...defined({ unit, lower, upper, expected }),
        sampleSize,
      })),
    };
    return this.handle(item, { type: 'define', plan, now: this.clock().toISOString() });
  }

  @Post(':item/withdraw')
  @HttpCode(200)
  @Requires('inventory:quality')
  @ApiOperation({ summary: 'Withdraw a plan; inspections by it that began are decided on by it still.' })
  async withdraw(@Param('item') named: string, @Body() dto: WithdrawPlanDto): Promise<PlansOfItem> {
    const item = itemNamed(named);
    const of = supplierNamed(dto.supplier);
    return this.handle(item, { type: 'withdraw', item, ...of, reason: dto.reason, now: this.clock().toISOString() });
  }

  @Get()
  @Requires('inventory:read')
  @ReadsFrom(QUALITY)
  @ApiOperation({ summary: 'Inspection plans by item and supplier, page by page.' })
  list(@Query() { item, supplier, withdrawn = false, ...page }: ListPlansDto): Promise<Page<ListedPlan>> {
    return this.queries.plans({
      ...page,
      withdrawn,
      item: item === undefined ? undefined : itemNamed(item),
      ...supplierNamed(supplier),
    });
  }

  @Get(':item')
  @Requires('inventory:read')
  @ReadsFrom()
  @ApiOperation({ summary: 'The plans of one item as they are now; the ETag is what If-Match takes.' })
  async get(@Param('item') named: string): Promise<PlansOfItem> {
    const item = itemNamed(named);
    const { plans, revision } = await readPlans(this.log, item);
    if (revision < 0) throw notFound('plan-unknown', `there is no inspection plan of ${item}`);
    answerRevision(revision);
    return { item, plans: standing(plans) };
  }

  private async handle(item: string, command: PlanCommand): Promise<PlansOfItem> {
    const { state, revision } = await handleCommand({
      log: this.log,
      stream: planStreamOf(item),
      decider: planDecider,
      command,
      source: 'lotline/inventory',
      expected: expectedRevision(),
    });
    answerRevision(revision);
    return { item, plans: standing(state) };
  }
}
