import { Type } from 'class-transformer';
import { IsOptional, ValidateNested } from 'class-validator';
import { AmountDto, IsIdentifier, IsText } from '#platform';

/** A lot by any id form, or by item and lot code. */
export class NamedLotDto {
  /** Canonical id, EPC URN or Digital Link. */
  @IsOptional()
  @IsIdentifier()
  lot?: string;

  /** GTIN or item id, together with `lotCode`. */
  @IsOptional()
  @IsIdentifier()
  item?: string;

  @IsOptional()
  @IsText(256)
  lotCode?: string;

  /** Who issued the lot code, for items without GTIN. */
  @IsOptional()
  @IsIdentifier()
  party?: string;
}

/** An amount of a lot at a place. */
export class LotLineDto extends NamedLotDto {
  @IsIdentifier()
  place!: string;

  @ValidateNested()
  @Type(() => AmountDto)
  amount!: AmountDto;
}
