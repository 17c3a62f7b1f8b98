import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsBoolean, IsOptional, ValidateNested } from 'class-validator';
import { IsDay, IsIdentifier, IsOwnId, IsText } from '#platform';

/**
 * One of: `lot`; `supplierLot` (and `supplier`); `item` with `lotCodeFrom` and `lotCodeTo`; `item` with `producedFrom`
 * and `producedTo`. Ranges include both ends.
 */
export class SuspectDto {
  @IsOptional()
  @IsIdentifier()
  lot?: string;

  @IsOptional()
  @IsText(256)
  supplierLot?: string;

  @IsOptional()
  @IsIdentifier()
  supplier?: string;

  @IsOptional()
  @IsIdentifier()
  item?: string;

  @IsOptional()
  @IsText(256)
  lotCodeFrom?: string;

  @IsOptional()
  @IsText(256)
  lotCodeTo?: string;

  @IsOptional()
  @IsDay()
  producedFrom?: string;

  @IsOptional()
  @IsDay()
  producedTo?: string;
}

export class OpenCaseDto {
  /** The caller's id of the case; made up where absent. */
  @IsOptional()
  @IsOwnId()
  case?: string;

  @IsText()
  reason!: string;

  /** I, II or III (21 CFR 7.3(m)), or as the organisation calls it. */
  @IsOptional()
  @IsText(64)
  class?: string;

  /** Measures only: touches neither stock nor consignees. */
  @IsOptional()
  @IsBoolean()
  drill?: boolean;

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(1_000)
  @ValidateNested({ each: true })
  @Type(() => SuspectDto)
  suspects!: SuspectDto[];
}
