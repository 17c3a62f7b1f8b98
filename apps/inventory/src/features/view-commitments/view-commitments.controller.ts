import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { IsIdentifier, PageDto, ReadsFrom, Requires, type Page } from '#platform';
import { STOCK } from '../../known-stock/stock-name.js';
import type { BrokenCommitment, CommitmentView, StockQueries } from '../../known-stock/stock-queries.js';
import { STOCK_QUERIES } from '../../tokens.js';

export class ViewCommitmentsDto extends PageDto {
  @IsOptional()
  @IsIn(['allocation', 'issue'])
  kind?: 'allocation' | 'issue';

  @IsOptional()
  @IsIdentifier()
  lot?: string;

  /** Id or its beginning, e.g. `shipment:`. */
  @IsOptional()
  @IsString()
  @MaxLength(256)
  prefix?: string;

  /** Allocations for whoever is called so or begins so, e.g. `shipment:`. */
  @IsOptional()
  @IsString()
  @MaxLength(256)
  forPrefix?: string;
}

@ApiTags('inventory')
@Controller('inventory/commitments')
@Requires('inventory:read')
@ReadsFrom(STOCK)
export class ViewCommitmentsController {
  constructor(@Inject(STOCK_QUERIES) private readonly queries: StockQueries) {}

  /** What is promised or given out, and not seen leaving yet. */
  @Get()
  async list(@Query() { limit = 100, ...filter }: ViewCommitmentsDto): Promise<Page<CommitmentView>> {
    return this.queries.commitments({ ...filter, limit });
  }

  /** Commitments that facts recorded later left without stock. */
  @Get('broken')
  async broken(): Promise<{ items: BrokenCommitment[] }> {
    return { items: await this.queries.broken() };
  }
}
