import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags, ApiUnprocessableEntityResponse } from '@nestjs/swagger';
import { placeIdOf } from '#contracts';
import type { EventLog } from '#event-log';
import { notFound, uuidFromName, type Clock } from '#kernel';
import {
  answerRevision,
  CLOCK,
  commandContext,
  EVENT_LOG,
  expectedRevision,
  handleCommand,
  type Page,
  ReadsFrom,
  Requires,
} from '#platform';
import { orderDecider, orderStream, type OrderCommand } from '../../domain/order.js';
import { ProductionQueries, type OrderRow } from '../../read-model/queries.js';
import { itemNamed } from '../items/item-definition.js';
import { SOURCE } from '../transformations/record-transformation.js';
import { orderAnswer, readRuns, statusOf, type OrderAnswer } from './order-answer.js';
import { CancelOrderDto, ListOrdersDto, PlanOrderDto } from './order.dto.js';
import { readOrder } from './read-order.js';

@Controller('production/orders')
@ApiTags('production')
export class OrdersController {
  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(ProductionQueries) private readonly queries: ProductionQueries,
  ) {}

  @Post()
  @Requires('production:write')
  @ApiOperation({ summary: 'Plan to make so much of an item.' })
  @ApiBody({
    type: PlanOrderDto,
    examples: {
      yoghurt: {
        value: {
          order: 'PO-4711',
          item: '09506000134376',
          amount: { value: '300', unit: 'KGM' },
          due: '2026-04-21',
        },
      },
    },
  })
  plan(@Body() body: PlanOrderDto): Promise<OrderAnswer> {
    // Made up alike when the request is sent again.
    const order = body.order ?? uuidFromName(`order:${commandContext().eventSeed}`);
    return this.handle(order, {
      type: 'plan',
      order: {
        order,
        item: itemNamed(body.item),
        amount: { value: body.amount.value, unit: body.amount.unit },
        ...(body.place !== undefined && { place: placeIdOf(body.place).id }),
        ...(body.due !== undefined && { due: body.due }),
      },
      now: this.now(),
    });
  }

  @Post(':order/release')
  @HttpCode(200)
  @Requires('production:write')
  @ApiOperation({ summary: 'Let runs be started for the order.' })
  @ApiUnprocessableEntityResponse({ description: 'order-cancelled' })
  release(@Param('order') order: string): Promise<OrderAnswer> {
    return this.handle(order, { type: 'release', now: this.now() });
  }

  @Post(':order/cancel')
  @HttpCode(200)
  @Requires('production:write')
  @ApiOperation({ summary: 'Cancel an order that no run is made for at the moment.' })
  @ApiBody({ type: CancelOrderDto, examples: { withdrawn: { value: { reason: 'the customer withdrew' } } } })
  @ApiUnprocessableEntityResponse({ description: 'order-in-work, for each run that is not ended' })
  cancel(@Param('order') order: string, @Body() body: CancelOrderDto): Promise<OrderAnswer> {
    return this.handle(order, async () => ({
      type: 'cancel',
      reason: body.reason,
      open: await this.openRuns(order),
      now: this.now(),
    }));
  }

  @Get()
  @Requires('production:read')
  @ReadsFrom('production')
  @ApiOperation({ summary: 'Orders by number, page by page.' })
  list(@Query() query: ListOrdersDto): Promise<Page<OrderRow>> {
    return this.queries.orders(query);
  }

  @Get(':order')
  @Requires('production:read')
  @ReadsFrom()
  @ApiOperation({ summary: 'An order: what is planned against what its runs made.' })
  async get(@Param('order') order: string): Promise<OrderAnswer> {
    const { state, revision } = await readOrder(this.log, order);
    if (!state) throw notFound('order-unknown', `order ${order} was not planned here`);
    answerRevision(revision);
    return orderAnswer(this.log, state);
  }

  /** Runs of the order that may still make something. One that is ended stays so, so this holds whoever else is at work. */
  private async openRuns(order: string): Promise<string[]> {
    const { state } = await readOrder(this.log, order);
    if (!state) return [];
    return (await readRuns(this.log, state)).flatMap(({ run, state: { run: started }, state: production }) => {
      const other = started !== undefined && started.started.order !== order;
      return other || ['completed', 'aborted'].includes(statusOf(production)) ? [] : [run];
    });
  }

  private now(): string {
    return this.clock().toISOString();
  }

  private async handle(order: string, command: OrderCommand | (() => Promise<OrderCommand>)): Promise<OrderAnswer> {
    const { state, revision } = await handleCommand({
      log: this.log,
      stream: orderStream(order),
      decider: orderDecider,
      command,
      source: SOURCE,
      expected: expectedRevision(),
    });
    if (!state) throw notFound('order-unknown', `order ${order} was not planned here`);
    answerRevision(revision);
    return orderAnswer(this.log, state);
  }
}
