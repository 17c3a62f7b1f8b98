import { IsOptional, IsString, MaxLength } from 'class-validator';
import { IsIdentifier, PageDto } from '#platform';

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
