import { ApiProperty } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator';
import { IsIdentifier, IsInstant } from '#platform';

const DIRECTIONS = ['back', 'forward', 'both'] as const;

/** Text that is neither stays text, so that the validator can show it. */
const boolean = ({ value }: { value: unknown }): unknown =>
  value === 'true' || value === '' ? true : value === 'false' ? false : value;

export class TraceLotDto {
  /** Any id form: canonical, EPC URN, Digital Link, SSCC, or an own or supplier's lot code (with `item` where ambiguous). */
  @ApiProperty({
    description:
      "Any id form: canonical, EPC URN, Digital Link, SSCC, or an own or supplier's lot code, exact and case-sensitive " +
      '(with `item` where several lots have it).',
  })
  @IsString()
  @Length(1, 2048)
  lot!: string;

  @IsOptional()
  @IsIdentifier()
  item?: string;

  @IsOptional()
  @IsIn(DIRECTIONS)
  direction?: (typeof DIRECTIONS)[number];

  /** Transformations to follow at most. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(1_000_000)
  depth?: number;

  /** Lots to reach at most in one direction; absent: no limit. An answer that it cuts says so and where. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  limit?: number;

  /** What was known at this log position. */
  @IsOptional()
  @IsString()
  asOfPosition?: string;

  /** What was known at this moment (record time). */
  @IsOptional()
  @IsInstant()
  asOf?: string;

  /** What had happened by this moment (event time). */
  @IsOptional()
  @IsInstant()
  eventTimeTo?: string;

  /** Follow only what happened after the material could have entered. */
  @IsOptional()
  @Transform(boolean)
  @IsBoolean()
  respectTime?: boolean;

  @IsOptional()
  @IsIn(['events'])
  include?: 'events';
}
