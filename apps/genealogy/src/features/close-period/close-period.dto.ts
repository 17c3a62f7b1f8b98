import { ApiProperty } from '@nestjs/swagger';
import { IsDay, IsText } from '#platform';

export class ClosePeriodDto {
  /** First day of the period: the day after the last closed one ended. */
  @ApiProperty({ description: 'First day: the day after the period before it ended.', example: '2026-01-01' })
  @IsDay()
  from!: string;

  /** Last day of the period, which is in it. */
  @ApiProperty({ description: 'Last day, which is in it; it has ended at every site.', example: '2026-01-31' })
  @IsDay()
  to!: string;

  /** For whoever reads it later. */
  @ApiProperty({ description: 'For whoever reads it later.', example: 'month end' })
  @IsText()
  why!: string;
}
