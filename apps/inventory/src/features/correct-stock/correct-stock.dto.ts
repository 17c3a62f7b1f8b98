import { Type } from 'class-transformer';
import { IsOptional, IsString, Matches, ValidateNested } from 'class-validator';
import { IsIdentifier, IsInstant, IsOwnId, IsText } from '#platform';
import { LotLineDto, NamedLotDto } from '../lot-line.dto.js';

export class CountedDto {
  /** Decimal text, zero or more. */
  @IsString()
  @Matches(/^(\d+(\.\d*)?|\.\d+)$/, { message: 'value must be a decimal number, zero or more, as text' })
  value!: string;

  @IsString()
  @Matches(/^\S{1,64}$/, { message: 'unit must be a unit code such as KGM' })
  unit!: string;
}

/** The whole amount of the lot at the place is as counted. */
export class AdjustStockDto extends NamedLotDto {
  /** The caller's id of this count; made up where absent. */
  @IsOptional()
  @IsOwnId()
  count?: string;

  @IsIdentifier()
  place!: string;

  @ValidateNested()
  @Type(() => CountedDto)
  counted!: CountedDto;

  @IsText()
  reason!: string;

  @IsOptional()
  @IsInstant()
  countedAt?: string;
}

export class ScrapStockDto extends LotLineDto {
  /** The caller's id; made up where absent. */
  @IsOptional()
  @IsOwnId()
  scrap?: string;

  @IsText()
  reason!: string;

  @IsOptional()
  @IsInstant()
  scrappedAt?: string;
}
