import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { IsIdentifier } from '#platform';

export class PageDto {
  /** `next` of the page before. */
  @IsOptional()
  @IsString()
  @MaxLength(8192)
  cursor?: string;

  /** Rows of a page; 100 where absent. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1000)
  limit?: number;
}

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
