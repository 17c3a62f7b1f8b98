import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Length,
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

const UNIT = /^\S{1,64}$/;
const SHARE = /^(?=.{1,32}$)\d+(\.\d+)?$/;
const SHARE_MESSAGE = '$property must be a decimal share as text, e.g. "0.97"';

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

  /** Of an inherited one: only inputs of these kinds count; all do where it is not said. */
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(KINDS.length)
  @IsIn(KINDS, { each: true })
  from?: ItemDefinition['kind'][];
}

export class ItemUnitDto {
  /** Rec 20 or a code of your own. */
  @IsString()
  @Matches(UNIT, { message: 'unit must be a unit code such as CS' })
  unit!: string;

  /** How many of the other unit one is: "12", "0.5", "1/3"; always exact. */
  @IsString()
  @Length(1, 64)
  @Matches(/^\d+(\.\d+)?(\/\d+(\.\d+)?)?$/, {
    message: 'factor must be a decimal or a fraction as text, e.g. "0.5" or "1/3"',
  })
  factor!: string;

  /** The other unit; the base unit where it is not said. */
  @IsOptional()
  @IsString()
  @Matches(UNIT, { message: 'of must be a unit code such as CS' })
  of?: string;
}

export class CostDto {
  /** Of one base unit, exact, as text. */
  @IsString()
  @Length(1, 64)
  @Matches(/^\d+(\.\d+)?$/, { message: 'value must be a decimal number as text' })
  value!: string;

  /** ISO 4217. */
  @IsString()
  @Matches(/^[A-Z]{3}$/, { message: 'currency must be a code of ISO 4217, e.g. EUR' })
  currency!: string;
}

export class RecipeInputDto {
  @IsIdentifier()
  item!: string;

  @ValidateNested()
  @Type(() => AmountDto)
  amount!: AmountDto;

  /** Fed back: the only way in which a recipe may go in a circle. */
  @IsOptional()
  @IsBoolean()
  rework?: boolean;
}

export class RecipeOutputDto {
  @IsIdentifier()
  item!: string;

  @ValidateNested()
  @Type(() => AmountDto)
  amount!: AmountDto;

  /** `product` where it is not said. */
  @IsOptional()
  @IsIn(['product', 'co-product', 'by-product', 'waste'])
  role?: 'product' | 'co-product' | 'by-product' | 'waste';
}

export class RecipeYieldDto {
  /** Inputs and outputs are compared in this unit; what cannot be converted to it is left out. */
  @IsString()
  @Matches(UNIT, { message: 'unit must be a unit code such as KGM' })
  unit!: string;

  /** "0.97" of what goes in comes out. */
  @IsString()
  @Matches(SHARE, { message: SHARE_MESSAGE })
  share!: string;

  /** "0.01": 0.96 to 0.98 is as expected. */
  @IsOptional()
  @IsString()
  @Matches(SHARE, { message: SHARE_MESSAGE })
  tolerance?: string;

  /** Waste and declared loss together. */
  @IsOptional()
  @IsString()
  @Matches(SHARE, { message: SHARE_MESSAGE })
  loss?: string;
}

export class RecipeStepDto {
  @IsText(256)
  step!: string;

  @IsArray()
  @ArrayMaxSize(1_000)
  @ValidateNested({ each: true })
  @Type(() => RecipeInputDto)
  inputs!: RecipeInputDto[];

  @IsArray()
  @ArrayMaxSize(1_000)
  @ValidateNested({ each: true })
  @Type(() => RecipeOutputDto)
  outputs!: RecipeOutputDto[];

  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(10)
  @ValidateNested({ each: true })
  @Type(() => RecipeYieldDto)
  yields?: RecipeYieldDto[];
}

export class RecipeDto {
  /** So much of the item is what the amounts of the steps are for. */
  @ValidateNested()
  @Type(() => AmountDto)
  makes!: AmountDto;

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @ValidateNested({ each: true })
  @Type(() => RecipeStepDto)
  steps!: RecipeStepDto[];

  /** Over all steps: what comes from outside against what is left in the end. */
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(10)
  @ValidateNested({ each: true })
  @Type(() => RecipeYieldDto)
  yields?: RecipeYieldDto[];
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
  @Matches(UNIT, { message: 'baseUnit must be a unit code such as KGM' })
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

  /** Other units it is counted in, with exact factors. */
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  @Type(() => ItemUnitDto)
  units?: ItemUnitDto[];

  /** How it is made. */
  @IsOptional()
  @ValidateNested()
  @Type(() => RecipeDto)
  recipe?: RecipeDto;

  /** Of one base unit. */
  @IsOptional()
  @ValidateNested()
  @Type(() => CostDto)
  cost?: CostDto;

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

export class PackagingDto {
  /** Which lots bear this code on the other levels. */
  @IsOptional()
  @IsString()
  @Length(1, 256)
  lotCode?: string;
}
