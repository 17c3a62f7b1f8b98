import { Body, Controller, Get, Inject, Param, Post, Put, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags, ApiUnprocessableEntityResponse } from '@nestjs/swagger';
import type { EventLog } from '#event-log';
import { malformed, notFound, type Clock } from '#kernel';
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
import { itemDecider, itemStream, relatedTo, type ItemCommand, type ItemDefinition } from '../../domain/item.js';
import { ProductionQueries } from '../../read-model/queries.js';
import { readItem, readOnwards } from './read-items.js';
import { readPackaging, type PackagingAnswer } from './read-packaging.js';
import { definitionOf, itemNamed } from './item-definition.js';
import { DefineItemDto, ItemDetailsDto, ListItemsDto, PackagingDto } from './item.dto.js';

const kgm = (value: string) => ({ value, unit: 'KGM' });
const yoghurt = {
  code: 'YOG',
  name: 'Yoghurt',
  kind: 'intermediate',
  baseUnit: 'KGM',
  units: [
    { unit: 'EA', factor: '0.5' },
    { unit: 'CS', factor: '12', of: 'EA' },
  ],
  shelfLife: { rule: 'inherited', from: ['raw-material'] },
  recipe: {
    makes: kgm('98'),
    steps: [
      {
        step: 'ferment',
        inputs: [{ item: '09506000134352', amount: kgm('100') }],
        outputs: [{ item: '09506000134376', amount: kgm('98') }],
        yields: [{ unit: 'KGM', share: '0.98', tolerance: '0.01', loss: '0.02' }],
      },
    ],
  },
  cost: { value: '1.25', currency: 'EUR' },
};

@Controller('production/items')
@ApiTags('production')
export class ItemsController {
  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(ProductionQueries) private readonly queries: ProductionQueries,
  ) {}

  @Post()
  @Requires('production:write')
  @ApiOperation({ summary: 'Define an item.' })
  @ApiBody({ type: DefineItemDto, examples: { yoghurt: { value: { item: '09506000134376', ...yoghurt } } } })
  @ApiUnprocessableEntityResponse({
    description: 'units-circular, factor-contradicts, factor-zero, recipe-loop, currency-unknown …',
  })
  async define(@Body() body: DefineItemDto): Promise<ItemDefinition> {
    const named = body.item ?? body.code;
    if (named === undefined)
      throw malformed('invalid-request', 'an item needs an `item` id or a `code`', [
        { code: 'item-not-named', message: 'give a GTIN or another id, or a code', field: '/item', found: null },
      ]);
    return this.handle({ type: 'define', definition: definitionOf(named, body), now: this.now() });
  }

  @Put(':item')
  @Requires('production:write')
  @ApiOperation({ summary: 'Replace the definition of an item.' })
  @ApiBody({ type: ItemDetailsDto, examples: { yoghurt: { value: yoghurt } } })
  @ApiUnprocessableEntityResponse({ description: 'The same as for a new item.' })
  async change(@Param('item') item: string, @Body() body: ItemDetailsDto): Promise<ItemDefinition> {
    return this.handle({ type: 'change', definition: definitionOf(item, body), now: this.now() });
  }

  @Get()
  @Requires('production:read')
  @ReadsFrom('production')
  @ApiOperation({ summary: 'Items by id, page by page.' })
  list(@Query() query: ListItemsDto): Promise<Page<ItemDefinition>> {
    return this.queries.items(query);
  }

  @Get(':item')
  @Requires('production:read')
  @ReadsFrom()
  @ApiOperation({ summary: 'One item as defined now; its ETag is what If-Match takes.' })
  async get(@Param('item') item: string): Promise<ItemDefinition> {
    const { definition, revision } = await readItem(this.log, itemNamed(item));
    if (!definition) throw notFound('item-unknown', `${item} is not defined`);
    answerRevision(revision);
    return definition;
  }

  @Get(':item/packaging')
  @Requires('production:read')
  @ReadsFrom('production')
  @ApiOperation({
    summary:
      'What the item contains and what contains it, on all levels; with a lot code, the lots that would bear it.',
  })
  packaging(@Param('item') item: string, @Query() query: PackagingDto): Promise<PackagingAnswer> {
    return readPackaging({ log: this.log, queries: this.queries }, itemNamed(item), query.lotCode);
  }

  private async related(definition: ItemDefinition): Promise<ItemDefinition[]> {
    const related = await readOnwards(this.log, definition.item, relatedTo(definition), relatedTo);
    return [...related.values()];
  }

  private now(): string {
    return this.clock().toISOString();
  }

  private async handle(command: ItemCommand): Promise<ItemDefinition> {
    const { state, revision } = await handleCommand({
      log: this.log,
      stream: itemStream(command.definition.item),
      decider: itemDecider,
      command: async () => ({ ...command, others: await this.related(command.definition) }),
      source: 'lotline/production',
      expected: expectedRevision(),
    });
    answerRevision(revision);
    return state ?? command.definition;
  }
}
