import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsOptional, ValidateNested } from 'class-validator';
import { AmountDto, IsDay, IsIdentifier, IsOwnId, IsText } from '#platform';
import { LotLineDto } from '../lot-line.dto.js';

/** Either `lines` (exactly these lots) or `item` and `amount` (first expired, first out). */
export class AllocateStockDto {
  /** The caller's id of this allocation; made up where absent. */
  @IsOptional()
  @IsOwnId()
  allocation?: string;

  /** Whom it is for: `shipment:ID`, `run:ID`, an order. An issue of that reference draws on it. */
  @IsOwnId()
  for!: string;

  /** The lots must be good on this day; today where absent. */
  @IsOptional()
  @IsDay()
  neededOn?: string;

  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(1_000)
  @ValidateNested({ each: true })
  @Type(() => LotLineDto)
  lines?: LotLineDto[];

  @IsOptional()
  @IsIdentifier()
  item?: string;

  @IsOptional()
  @ValidateNested()
  @Type(() => AmountDto)
  amount?: AmountDto;

  /** With `item`: from this place only. */
  @IsOptional()
  @IsIdentifier()
  place?: string;
}

export class ReleaseAllocationDto {
  @IsOptional()
  @IsText()
  reason?: string;
}

export class ReleasePromisesDto extends ReleaseAllocationDto {
  /** Whom it was promised to: `shipment:ID`, `run:ID`, an order. */
  @IsOwnId()
  for!: string;
}
