import { IsOptional } from 'class-validator';
import { IsDay, IsIdentifier, PageDto } from '#platform';

export class ViewExpiringDto extends PageDto {
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
}
