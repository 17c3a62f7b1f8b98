import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Max, Min } from 'class-validator';
import { IsDay, IsIdentifier, IsInstant, PageDto } from '#platform';

/** Which supplies a question is about, and as of when. */
export class SuppliedDto extends PageDto {
  /** GTIN or any URI. */
  @IsOptional()
  @IsIdentifier()
  item?: string;

  /** Lots received on or after this day. */
  @IsOptional()
  @IsDay()
  receivedFrom?: string;

  /** Lots received on or before this day. */
  @IsOptional()
  @IsDay()
  receivedTo?: string;

  /** What was known at this moment (record time). */
  @IsOptional()
  @IsInstant()
  asOf?: string;

  /** What was known at this log position. */
  @IsOptional()
  @IsString()
  asOfPosition?: string;

  /** What had happened by this moment (event time). */
  @IsOptional()
  @IsInstant()
  eventTimeTo?: string;
}

export class ViewSuppliersDto extends SuppliedDto {
  /** Days to expiry that were agreed at receipt: lots that came with fewer are counted. */
  @ApiProperty({
    description:
      'Days to the expiry (else best-before) date that were agreed at receipt: lots that came with fewer are counted. The ' +
      'record has no agreements with suppliers, so the question says what was agreed.',
    required: false,
    example: 20,
  })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(36_500)
  agreedDaysLeft?: number;
}

export const ONLY = [
  ...['defective', 'rejected', 'inspected', 'failed', 'held', 'recalled', 'dated', 'expired', 'below-agreed'],
  ...['due', 'late', 'sent-back'],
] as const;

export class ViewSuppliedLotsDto extends ViewSuppliersDto {
  /** Only the lots that one of the numbers counts. */
  @ApiProperty({
    description:
      'Only the lots that one of the numbers of the scorecard counts; `below-agreed` needs `agreedDaysLeft`.',
    required: false,
    enum: ONLY,
    example: 'defective',
  })
  @IsOptional()
  @IsIn(ONLY)
  only?: string;
}
