import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsOptional, ValidateNested } from 'class-validator';
import { IsDay, IsIdentifier, IsText } from '#platform';

/** What suspect lots are named by; a lot is one that has all of what is given. Ranges include both ends. */
export class ScopedSuspectDto {
  /** Canonical id, EPC URN, Digital Link or SSCC. */
  @IsOptional()
  @IsIdentifier()
  lot?: string;

  @IsOptional()
  @IsText(256)
  supplierLot?: string;

  /** A party that made it or that it came from. */
  @IsOptional()
  @IsIdentifier()
  supplier?: string;

  @IsOptional()
  @IsIdentifier()
  item?: string;

  /** In the order of characters. */
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

export class ScopeSuspectsDto {
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(1_000)
  @ValidateNested({ each: true })
  @Type(() => ScopedSuspectDto)
  suspects!: ScopedSuspectDto[];
}
