import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsInt,
  IsOptional,
  IsString,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { AmountDto, IsDay, IsIdentifier, IsOwnId, IsText } from '#platform';
import { LotLineDto } from '../lot-line.dto.js';

/** What a customer wants left of a lot's life on the day it is needed; where both are given, both. */
export class MinRemainingDto {
  /** Days until the earlier of use-by and best-before. */
  @ApiProperty({ example: 14 })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(36_500)
  days?: number;

  /** Share of the whole life from production on, as decimal text. */
  @ApiProperty({ example: '0.66' })
  @IsOptional()
  @IsString()
  @Matches(/^(0(\.\d{1,6})?|1(\.0{1,6})?)$/, { message: 'share must be a decimal number from 0 to 1, as text' })
  share?: string;
}

/** What is wanted of an item; its lots are chosen. */
export class WantedLineDto {
  @ApiProperty({ example: '09506000134352' })
  @IsIdentifier()
  item!: string;

  @ValidateNested()
  @Type(() => AmountDto)
  amount!: AmountDto;

  /** From this place only. */
  @IsOptional()
  @IsIdentifier()
  place?: string;

  /** From this place first, what lacks from elsewhere. */
  @IsOptional()
  @IsIdentifier()
  preferredPlace?: string;

  /** In place of that of the whole allocation. */
  @IsOptional()
  @ValidateNested()
  @Type(() => MinRemainingDto)
  minRemaining?: MinRemainingDto;

  /** False: whole lots only, in place of that of the whole allocation. */
  @IsOptional()
  @IsBoolean()
  split?: boolean;
}

/** One of `lines` (exactly these lots), `wanted` (lots are chosen, several items) or `item` and `amount` (the same for one). */
export class AllocateStockDto {
  /** The caller's id of this allocation; made up where absent. */
  @ApiProperty({ example: 'A-17' })
  @IsOptional()
  @IsOwnId()
  allocation?: string;

  /** Whom it is for: `shipment:ID`, `run:ID`, an order. An issue of that reference draws on it. */
  @ApiProperty({ example: 'shipment:S-1' })
  @IsOwnId()
  for!: string;

  /**
   * The lots must be good on this day. Where absent, today by the clock of the sites it is taken from (of several the
   * latest): those named by place or preferred place, else all of ours where any of the item is.
   */
  @ApiProperty({ example: '2026-04-20' })
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
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(1_000)
  @ValidateNested({ each: true })
  @Type(() => WantedLineDto)
  wanted?: WantedLineDto[];

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

  /** With `item`: from this place first, what lacks from elsewhere. */
  @IsOptional()
  @IsIdentifier()
  preferredPlace?: string;

  /** The customer's minimum remaining shelf life; kept by lots that are chosen and by lots that are named. */
  @IsOptional()
  @ValidateNested()
  @Type(() => MinRemainingDto)
  minRemaining?: MinRemainingDto;

  /** False: a lot is taken whole or not at all; true where absent. */
  @IsOptional()
  @IsBoolean()
  split?: boolean;
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
