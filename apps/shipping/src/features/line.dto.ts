import { Type } from 'class-transformer';
import { IsOptional, ValidateNested } from 'class-validator';
import { AmountDto, IsIdentifier } from '#platform';

/** An amount of a lot. */
export class ShipmentLineDto {
  /** Canonical id, EPC URN or Digital Link. */
  @IsIdentifier()
  lot!: string;

  @ValidateNested()
  @Type(() => AmountDto)
  amount!: AmountDto;
}

export class LoadDto extends ShipmentLineDto {
  /** SSCC of the unit it is in; loose where absent. */
  @IsOptional()
  @IsIdentifier()
  unit?: string;
}

export class ReturnLineDto extends ShipmentLineDto {
  /** Where it was taken in. */
  @IsIdentifier()
  place!: string;
}
