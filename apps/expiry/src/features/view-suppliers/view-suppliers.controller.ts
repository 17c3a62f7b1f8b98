import { Controller, Get, Headers, Inject, Param, Query, Res } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiParam, ApiProduces, ApiTags } from '@nestjs/swagger';
import { malformed } from '#kernel';
import {
  asTable,
  CONFIG,
  LIST_TYPES,
  type LotlineConfig,
  type PageAt,
  PG_POOL,
  ReadsFrom,
  Requires,
  type Table,
} from '#platform';
import type { FastifyReply } from 'fastify';
import type { Pool } from 'pg';
import { EXPIRY } from '../../read-model/expiry-projector.js';
import { askedOf } from './ask.js';
import { COMPARED_COLUMNS, LOT_COLUMNS, SUPPLIER_COLUMNS } from './columns.js';
import { EXAMPLES } from './examples.js';
import { type SuppliedItem, viewSuppliedItems } from './view-supplied-items.js';
import { type Only, type SuppliedLot, viewSuppliedLots } from './view-supplied-lots.js';
import { type SupplierView, viewSupplier } from './view-supplier.js';
import { SuppliedDto, ViewSuppliedLotsDto, ViewSuppliersDto } from './view-suppliers.dto.js';
import { type AskedSuppliers, type SupplierPage, viewSuppliers } from './view-suppliers.js';

const SUPPLIER = { name: 'id', description: 'The supplier: GLN or any URI.', example: '9521141000014' };

@ApiTags('expiry')
@Controller('expiry')
export class ViewSuppliersController {
  constructor(
    @Inject(PG_POOL) private readonly pool: Pool,
    @Inject(CONFIG) private readonly config: LotlineConfig,
  ) {}

  /** What became of the lots of each supplier. */
  @ApiOperation({
    summary: 'What became of the lots of each supplier, the surest bad one first.',
    description:
      'Shares of lots and inspections come with their 95 % Wilson interval: what the record leaves possible. A supplier is the ' +
      'party that a lot was received from. docs/suppliers.md defines every number; `/expiry/suppliers/{id}/lots?only=` lists ' +
      'the lots that it counts, with their events.',
  })
  @ApiOkResponse({ schema: { example: EXAMPLES.suppliers } })
  @Get('suppliers')
  @Requires('expiry:read')
  @ReadsFrom(EXPIRY)
  @ApiProduces(...LIST_TYPES)
  async suppliers(
    @Query() dto: ViewSuppliersDto,
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SupplierPage | Table> {
    const page = await viewSuppliers(this.pool, this.asked(dto));
    return (await asTable(reply, accept, page, SUPPLIER_COLUMNS, page.items)) ?? page;
  }

  /** One supplier, also item by item. */
  @ApiOperation({ summary: 'What became of the lots of a supplier, in all and item by item.' })
  @ApiParam(SUPPLIER)
  @ApiOkResponse({ schema: { example: EXAMPLES.supplier } })
  @ApiNotFoundResponse({ description: '`supplier-unknown`: the record has no lot that came from it.' })
  @Get('suppliers/:id')
  @Requires('expiry:read')
  @ReadsFrom(EXPIRY)
  async supplier(@Param('id') id: string, @Query() dto: ViewSuppliersDto): Promise<SupplierView> {
    return viewSupplier(this.pool, this.asked(dto, id));
  }

  /** The lots that a number counts. */
  @ApiOperation({
    summary: 'The lots of a supplier, or those that one of its numbers counts, with the events that say so.',
  })
  @ApiParam(SUPPLIER)
  @ApiOkResponse({ schema: { example: EXAMPLES.lots } })
  @Get('suppliers/:id/lots')
  @Requires('expiry:read')
  @ReadsFrom(EXPIRY)
  @ApiProduces(...LIST_TYPES)
  async lots(
    @Param('id') id: string,
    @Query() dto: ViewSuppliedLotsDto,
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PageAt<SuppliedLot> | Table> {
    if (dto.only === 'below-agreed' && dto.agreedDaysLeft === undefined)
      throw malformed('invalid-request', 'below-agreed asks for what was agreed', [
        { code: 'missing', message: 'say how many days were agreed', field: '/agreedDaysLeft', expected: 'whole days' },
      ]);
    const page = await viewSuppliedLots(this.pool, this.asked(dto, id), dto.only as Only | undefined);
    return (await asTable(reply, accept, page, LOT_COLUMNS, page.items)) ?? page;
  }

  /** Who is better, item by item. */
  @ApiOperation({
    summary: 'The suppliers of each item and which of them is better, as far as the record can tell.',
    description:
      'A supplier is called better than another only where the intervals of their shares of defective lots do not overlap; ' +
      '`best` and `worst` only where that holds against every other. As a table: one row for each supplier of an item.',
  })
  @ApiOkResponse({ schema: { example: EXAMPLES.items } })
  @Get('supplied-items')
  @Requires('expiry:read')
  @ReadsFrom(EXPIRY)
  @ApiProduces(...LIST_TYPES)
  async items(
    @Query() dto: SuppliedDto,
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<(PageAt<SuppliedItem> & { confidence: number }) | Table> {
    const page = await viewSuppliedItems(this.pool, this.asked(dto));
    const rows = page.items.flatMap((of) => of.suppliers.map((one) => ({ of, one })));
    return (await asTable(reply, accept, page, COMPARED_COLUMNS, rows)) ?? page;
  }

  private asked(dto: SuppliedDto & { agreedDaysLeft?: number }, supplier?: string): AskedSuppliers {
    const { agreedDaysLeft, cursor, limit } = dto;
    return { ...askedOf(dto, this.config.ownParties, supplier), agreedDaysLeft, cursor, limit };
  }
}
