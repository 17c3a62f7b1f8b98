import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { IsIdentifier, PageDto } from '#platform';
import { STOCK_STATUSES, type StockStatus } from '../../known-stock/stock-queries.js';

export class ViewStockDto extends PageDto {
  @IsOptional()
  @IsIdentifier()
  lot?: string;

  @IsOptional()
  @IsIdentifier()
  item?: string;

  @IsOptional()
  @IsIdentifier()
  place?: string;

  /** At places of this party. */
  @ApiProperty({ example: 'https://id.gs1.org/417/9506000100009' })
  @IsOptional()
  @IsIdentifier()
  owner?: string;

  /** True: at places of ours, false: at those of others. */
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean()
  ours?: boolean;

  @IsOptional()
  @IsIn(STOCK_STATUSES)
  status?: StockStatus;
}

export class ViewHoldsDto extends PageDto {
  /** Holds of this owner, e.g. `recall:ID`. */
  @IsOptional()
  @IsString()
  @MaxLength(256)
  owner?: string;

  /** Holds of owners that begin so, e.g. `recall:`. */
  @IsOptional()
  @IsString()
  @MaxLength(256)
  ownerPrefix?: string;

  @IsOptional()
  @IsIdentifier()
  lot?: string;
}
