import { ApiProperty } from '@nestjs/swagger';
import { IsOptional, IsString, Length } from 'class-validator';
import { IsDay, IsIdentifier, PageDto } from '#platform';

export class SearchLotsDto extends PageDto {
  /** GTIN or any URI. */
  @IsOptional()
  @IsIdentifier()
  item?: string;

  @ApiProperty({ description: 'The exact lot code, case-sensitive; no part of one.' })
  @IsOptional()
  @IsString()
  @Length(1, 200)
  lotCode?: string;

  @ApiProperty({ description: "The supplier's exact lot code, case-sensitive; no part of one." })
  @IsOptional()
  @IsString()
  @Length(1, 200)
  supplierLot?: string;

  /** A party that made it or that it came from. */
  @IsOptional()
  @IsIdentifier()
  supplier?: string;

  /** Where some of it is on hand. */
  @IsOptional()
  @IsIdentifier()
  place?: string;

  @IsOptional()
  @IsDay()
  producedFrom?: string;

  @IsOptional()
  @IsDay()
  producedTo?: string;

  @IsOptional()
  @IsDay()
  expiresFrom?: string;

  @IsOptional()
  @IsDay()
  expiresTo?: string;
}
