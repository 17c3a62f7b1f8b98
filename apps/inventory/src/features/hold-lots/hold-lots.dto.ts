import { ArrayMaxSize, ArrayMinSize, IsArray, IsOptional, IsString, Matches } from 'class-validator';
import { IsOwnId, IsText } from '#platform';

export class HoldLotDto {
  /** The caller's id of this hold; made up where absent. */
  @IsOptional()
  @IsOwnId()
  holdId?: string;

  @IsText()
  reason!: string;

  /** Whose hold it is; `quality` where absent. Only its owner lifts a recall's. */
  @IsOptional()
  @IsOwnId()
  owner?: string;
}

export class LiftHoldDto {
  @IsText()
  reason!: string;

  @IsOptional()
  @IsOwnId()
  owner?: string;
}

export class HoldManyDto {
  @IsOwnId()
  holdId!: string;

  @IsText()
  reason!: string;

  @IsOwnId()
  owner!: string;

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(10_000)
  @IsString({ each: true })
  @Matches(/^\S{1,2048}$/, { each: true, message: 'each lot must be an identifier' })
  lots!: string[];
}

export class LiftManyDto {
  @IsText()
  reason!: string;

  @IsOwnId()
  owner!: string;

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(10_000)
  @IsString({ each: true })
  @Matches(/^\S{1,2048}$/, { each: true, message: 'each lot must be an identifier' })
  lots!: string[];
}
