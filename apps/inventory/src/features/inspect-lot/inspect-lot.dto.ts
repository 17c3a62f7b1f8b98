import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsOptional,
  IsString,
  Length,
  ValidateNested,
} from 'class-validator';
import { IsDay, IsInstant, IsText } from '#platform';
import type { Decision } from '../../domain/inspection/inspection.js';

const DECISIONS: readonly Decision['decision'][] = ['accept', 'accept-restricted', 'rework', 'reject', 'scrap'];

export class ResultDto {
  /** As the plan names it. */
  @IsText(256)
  characteristic!: string;

  /** One text a sample: decimal numbers where the plan has limits. Told again, the later list takes the earlier one's place. */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(10_000)
  @IsString({ each: true })
  @Length(1, 256, { each: true })
  values!: string[];

  /** Must be the plan's. */
  @IsOptional()
  @IsString()
  @Length(1, 64)
  unit?: string;
}

export class RecordResultsDto {
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(200)
  @ValidateNested({ each: true })
  @Type(() => ResultDto)
  results!: ResultDto[];

  @IsOptional()
  @IsText()
  note?: string;

  @IsOptional()
  @IsInstant()
  inspectedAt?: string;
}

export class DecideUsageDto {
  @IsIn(DECISIONS)
  decision!: Decision['decision'];

  /** Needed where a result failed, and for everything but acceptance. */
  @IsOptional()
  @IsText(1_500)
  reason?: string;

  /** Of `accept-restricted`: what the goods may be used for. */
  @IsOptional()
  @IsText()
  restriction?: string;

  /** The next retest date of goods that are accepted. */
  @IsOptional()
  @IsDay()
  retest?: string;
}
