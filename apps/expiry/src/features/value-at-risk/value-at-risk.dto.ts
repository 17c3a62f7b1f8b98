import { ApiProperty } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { IsDay, IsIdentifier, PageDto } from '#platform';

export class ValueAtRiskDto extends PageDto {
  /** Lots that expire on or before this day. */
  @ApiProperty({ description: 'Lots that expire on or before this day.', example: '2026-06-30', required: false })
  @IsOptional()
  @IsDay()
  before?: string;

  /** The site: the root of its places. */
  @ApiProperty({
    description: 'The site: the root of its places.',
    example: 'https://id.gs1.org/414/9506000100016',
    required: false,
  })
  @IsOptional()
  @IsIdentifier()
  site?: string;

  /** GTIN or any URI. */
  @ApiProperty({ description: 'A GTIN or any URI.', example: '09506000134352', required: false })
  @IsOptional()
  @IsIdentifier()
  item?: string;
}
