import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsInt,
  IsOptional,
  IsString,
  Matches,
  Min,
  ValidateNested,
} from 'class-validator';
import { IsDay, IsOwnId, IsText } from '#platform';
import { LotLineDto } from '../lot-line.dto.js';

export class IssueStockDto {
  /** The act it is for: `shipment:ID`, `run:ID`. Issued once per reference. */
  @IsOwnId()
  @Matches(/^[a-z][a-z-]*:\S+$/, { message: 'reference must be like shipment:ID or run:ID' })
  reference!: string;

  /** Counts tries of the act; 1 where absent. A later one replaces an earlier one. */
  @IsOptional()
  @IsInt()
  @Min(1)
  attempt?: number;

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(10_000)
  @ValidateNested({ each: true })
  @Type(() => LotLineDto)
  lines!: LotLineDto[];

  /** Allocations it may draw on besides those made for the reference. */
  @IsOptional()
  @IsArray()
  @IsString({ each: true })
  allocations?: string[];

  /** The lots must be good on this day; where absent, today by the clock of the site they are at. */
  @IsOptional()
  @IsDay()
  day?: string;
}

export class UndoIssueDto {
  /** Undoes this attempt only; whichever stands where absent. */
  @IsOptional()
  @IsInt()
  @Min(1)
  attempt?: number;

  @IsText()
  reason!: string;

  /** Lots of the issue, where the caller knows them: spares looking its books up. */
  @IsOptional()
  @IsArray()
  @IsString({ each: true })
  lots?: string[];
}
