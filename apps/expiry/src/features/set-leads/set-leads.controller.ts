import { Body, Controller, Get, HttpCode, Inject, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { EXPIRY_LEADS_STREAM, type ExpiryLeadsSet, type RecordedOf } from '#contracts';
import type { EventLog } from '#event-log';
import { canonicalId, type Clock, malformed } from '#kernel';
import {
  answerRevision,
  CLOCK,
  CONFIG,
  EVENT_LOG,
  expectedRevision,
  handleCommand,
  type LotlineConfig,
  ReadsFrom,
  Requires,
} from '#platform';
import { itemIdFrom } from '#traceability';
import { leadsDecider, type LeadRule, type Leads, ruleKey, type SetLeads } from '../../domain/leads.js';
import { SetLeadsDto } from './set-leads.dto.js';

/** Leads as they are set, with who set them. */
export interface LeadView extends LeadRule {
  setBy: string;
  setAt: string;
}

export interface LeadsAnswer {
  /** Where nothing is set: of the installation (`LOTLINE_EXPIRY_LEADS`). */
  default: readonly number[];
  /** Of an item at a site, of an item, of a site: the first of these that is there counts. */
  items: LeadView[];
}

@ApiTags('expiry')
@Controller('expiry/leads')
export class SetLeadsController {
  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: LotlineConfig,
  ) {}

  @ApiOperation({
    summary: 'Set how many days ahead expiry alerts are raised for an item, a site, or an item at a site.',
    description:
      'Of an item at a site what is set for both counts, else what is set for the item, else for the site, else ' +
      '`LOTLINE_EXPIRY_LEADS`. An alert that was raised stays raised.',
  })
  @Put()
  @HttpCode(200)
  @Requires('expiry:write')
  async set(@Body() dto: SetLeadsDto): Promise<LeadRule> {
    const rule: LeadRule = {
      ...(dto.item !== undefined && { item: itemIdFrom(dto.item) }),
      ...(dto.site !== undefined && { site: canonicalId(dto.site).id }),
      ...(dto.leads !== undefined && { leads: dto.leads }),
      ...(dto.why !== undefined && { why: dto.why }),
    };
    if (rule.item === undefined && rule.site === undefined)
      throw malformed('invalid-request', 'leads are set for an item, a site, or both', [
        {
          code: 'leads-of-nothing',
          message: 'name an item, a site, or both; for all others LOTLINE_EXPIRY_LEADS counts',
          field: '/item',
          found: null,
        },
      ]);
    const { state, revision } = await handleCommand<Leads, SetLeads, ReturnType<typeof leadsDecider.decide>[number]>({
      ...{ log: this.log, stream: EXPIRY_LEADS_STREAM, decider: leadsDecider, source: 'lotline/expiry' },
      command: { type: 'set', rule, now: this.clock().toISOString() },
      expected: expectedRevision(),
    });
    answerRevision(revision);
    const { leads: _, ...named } = rule;
    return state.get(ruleKey(rule)) ?? named;
  }

  @ApiOperation({ summary: 'How many days ahead expiry alerts are raised, and for what.' })
  @Get()
  @Requires('expiry:read')
  @ReadsFrom()
  async list(): Promise<LeadsAnswer> {
    const events = (await this.log.readStream(EXPIRY_LEADS_STREAM)) as RecordedOf<typeof ExpiryLeadsSet>[];
    const set = new Map<string, LeadView>();
    for (const { data, meta, recordTime } of events)
      if (data.leads === undefined) set.delete(ruleKey(data));
      else set.set(ruleKey(data), { ...data, setBy: meta.actor, setAt: recordTime });
    answerRevision(events.length - 1);
    return { default: this.config.expiryLeads, items: [...set].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, v]) => v) };
  }
}
