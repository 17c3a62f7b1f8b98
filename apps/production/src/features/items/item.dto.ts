import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { AmountDto, IsIdentifier, IsOwnId, IsText, PageDto } from '#platform';
import type { ItemDefinition } from '../../domain/item.js';

const KINDS: readonly ItemDefinition['kind'][] = [
  'raw-material',
  'ingredient',
  'packaging',
  'intermediate',
  'finished',
  'trade-good',
  'by-product',
  'waste',
];

export class ShelfLifeDto {
  /** Days after production, the earliest date of the inputs, or stated with every lot. */
  @IsIn(['fixed', 'inherited', 'given'])
  rule!: 'fixed' | 'inherited' | 'given';

  /** Of a fixed shelf life. */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(36_500)
  days?: number;
}

export class ContentDto {
  @IsIdentifier()
  item!: string;

  @ValidateNested()
  @Type(() => AmountDto)
  amount!: AmountDto;
}

/** What is said of an item besides which one it is. */
export class ItemDetailsDto {
  /** The organisation's own code. */
  @IsOptional()
  @IsOwnId()
  code?: string;

  @IsText(512)
  name!: string;

  @IsIn(KINDS)
  kind!: ItemDefinition['kind'];

  /** UN/ECE Rec 20, e.g. KGM. */
  @IsString()
  @Matches(/^\S{1,64}$/, { message: 'baseUnit must be a unit code such as KGM' })
  baseUnit!: string;

  /** "0.02": a transformation may give 2 % more than went in. */
  @IsOptional()
  @IsString()
  @Matches(/^(\d+(\.\d*)?|\.\d+)$/, { message: 'tolerance must be a decimal share as text, e.g. "0.02"' })
  tolerance?: string;

  @IsOptional()
  @ValidateNested()
  @Type(() => ShelfLifeDto)
  shelfLife?: ShelfLifeDto;

  /** Of a case: what one of it contains. */
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @ValidateNested({ each: true })
  @Type(() => ContentDto)
  contains?: ContentDto[];
}

export class DefineItemDto extends ItemDetailsDto {
  /** A GTIN (8 to 14 digits), any other id, or nothing where `code` is the only name. */
  @IsOptional()
  @IsIdentifier()
  item?: string;
}

export class ListItemsDto extends PageDto {
  /** Part of the name, the code or the id. */
  @IsOptional()
  @IsText(200)
  search?: string;
}
