import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { IsDay, IsIdentifier } from '#platform';

export class ViewExpiringDto {
  /** Lots that expire on or before this day. */
  @IsOptional()
  @IsDay()
  before?: string;

  /** Where some of it is on hand; only that stock is listed. */
  @IsOptional()
  @IsIdentifier()
  place?: string;

  /** GTIN or any URI. */
  @IsOptional()
  @IsIdentifier()
  item?: string;

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
