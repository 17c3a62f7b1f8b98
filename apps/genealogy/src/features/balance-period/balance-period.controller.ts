import { Controller, Get, Headers, Inject, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { EventLog } from '#event-log';
import {
  asTable,
  type Column,
  CONFIG,
  EVENT_LOG,
  LIST_TYPES,
  type LotlineConfig,
  ReadsFrom,
  Requires,
  type Table,
} from '#platform';
import type { FastifyReply } from 'fastify';
import { FIGURES } from '../../domain/figures.js';
import { GENEALOGY } from '../../read-model/genealogy-projector.js';
import type { GenealogyReader } from '../../read-model/genealogy-reader.js';
import { GENEALOGY_READER } from '../../tokens.js';
import { balanceClosedPeriod, type ClosedBalance, type ClosedRow } from './balance-closed-period.js';
import { balancePeriod, type PeriodBalance } from './balance-period.js';
import { BalancePeriodDto } from './balance-period.dto.js';
import type { BalanceRow } from '../../periods/balance-row.js';

const COLUMNS: readonly Column<BalanceRow>[] = [
  ['item', (row) => row.item],
  ['site', (row) => row.site],
  ['unit', (row) => row.unit],
  ...FIGURES.map((name): Column<BalanceRow> => [name, (row) => row[name], 'amount']),
  ['currency', (row) => row.worth?.currency],
  ['perUnit', (row) => row.worth?.perUnit, 'amount'],
  ...FIGURES.map((name): Column<BalanceRow> => [`${name}Worth`, (row) => row.worth?.[name], 'amount']),
];

const CLOSED_COLUMNS: readonly Column<ClosedRow>[] = [
  ['item', (row) => row.item],
  ['site', (row) => row.site],
  ['unit', (row) => row.unit],
  ...(['frozen', 'now', 'difference'] as const).flatMap((side) =>
    FIGURES.map((name): Column<ClosedRow> => [`${side}.${name}`, (row) => row[side]?.[name], 'amount']),
  ),
  ['money', (row) => row.money?.value, 'amount'],
  ['currency', (row) => row.money?.currency],
];

@ApiTags('genealogy')
@Controller('genealogy/mass-balance')
export class BalancePeriodController {
  constructor(
    @Inject(GENEALOGY_READER) private readonly reader: GenealogyReader,
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(CONFIG) private readonly config: LotlineConfig,
  ) {}

  @ApiOperation({
    summary: 'Mass balance of a period by item, site and unit.',
    description:
      'opening + received + made + arrived + movedIn + adjusted + unexplained − consumed − shipped − movedOut − sold − scrapped ' +
      "= closing, exactly, by event time in days of the site. `worth` where the item's cost is known. With `period` a closed " +
      'period: `frozen`, `now`, `difference` and the events that made it. Also as CSV or XLSX.',
  })
  @Get()
  @Requires('genealogy:read')
  @ReadsFrom(GENEALOGY)
  @ApiProduces(...LIST_TYPES)
  async balance(
    @Query() dto: BalancePeriodDto,
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PeriodBalance | ClosedBalance | Table> {
    const { period } = dto;
    if (period !== undefined) {
      const closed = await balanceClosedPeriod(this.reader, this.log, period, dto, this.config);
      return (await asTable(reply, accept, closed, CLOSED_COLUMNS, closed.items)) ?? closed;
    }
    const page = await this.reader.read((snapshot) => balancePeriod(snapshot, dto, this.config));
    return (await asTable(reply, accept, page, COLUMNS, page.items)) ?? page;
  }
}
