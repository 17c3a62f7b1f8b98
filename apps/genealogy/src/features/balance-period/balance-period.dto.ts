import { ApiProperty } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';
import { IsDay, IsIdentifier, PageDto } from '#platform';

export class PeriodDto extends PageDto {
  /** First day of the period. */
  @ApiProperty({ description: 'First day of the period, as days are counted at each site.', example: '2026-01-01' })
  @IsOptional()
  @IsDay()
  from?: string;

  /** Last day of the period, which is in it. */
  @ApiProperty({ description: 'Last day of the period, which is in it.', example: '2026-01-31' })
  @IsOptional()
  @IsDay()
  to?: string;

  /** GTIN or any URI. */
  @ApiProperty({ description: 'A GTIN or any URI.', example: '09506000134352', required: false })
  @IsOptional()
  @IsIdentifier()
  item?: string;

  /** The site: the root of its places. */
  @ApiProperty({
    description: 'The site: the root of its places.',
    example: 'https://id.gs1.org/414/9506000100016',
    required: false,
  })
  @IsOptional()
  @IsIdentifier()
  site?: string;
}

export class BalancePeriodDto extends PeriodDto {
  /** A closed period: as it was frozen, as it is now, and what made the difference; instead of `from` and `to`. */
  @ApiProperty({
    description:
      'A closed period, instead of `from` and `to`: as it was frozen, as it is now, and what made the difference.',
    example: '2026-01-01--2026-01-31',
    required: false,
  })
  @IsOptional()
  @Matches(/^\d{4}-\d\d-\d\d--\d{4}-\d\d-\d\d$/, {
    message: 'period must be FIRST-DAY--LAST-DAY (2026-01-01--2026-01-31)',
  })
  period?: string;
}
