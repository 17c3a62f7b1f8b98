import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsInt, IsOptional, Max, Min } from 'class-validator';
import { IsIdentifier, IsText } from '#platform';

export class SetLeadsDto {
  /** GTIN or any URI. Absent: every item. */
  @ApiProperty({ description: 'A GTIN or any URI; absent: every item.', example: '09506000134352', required: false })
  @IsOptional()
  @IsIdentifier()
  item?: string;

  /** The site: the root of its places. Absent: every site. */
  @ApiProperty({
    description: 'The site: the root of its places; absent: every site.',
    example: 'https://id.gs1.org/414/9506000100016',
    required: false,
  })
  @IsOptional()
  @IsIdentifier()
  site?: string;

  /** Days before a date; `[]` raises no alert. Absent: what was set is set no more. */
  @ApiProperty({
    description: 'Days before a date; `[]` raises no alert. Absent: what was set for these is set no more.',
    example: [14, 3, 0],
    required: false,
    type: [Number],
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(50)
  @IsInt({ each: true })
  @Min(0, { each: true })
  @Max(3650, { each: true })
  leads?: number[];

  /** For whoever reads it later. */
  @ApiProperty({ description: 'For whoever reads it later.', example: 'sold within two weeks', required: false })
  @IsOptional()
  @IsText()
  why?: string;
}
