import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsIn, IsOptional, IsString, Length, Matches, ValidateNested } from 'class-validator';
import type { TransformationKind } from '#contracts';
import { AmountDto, DatesDto, IsIdentifier, IsInstant, IsText } from '#platform';

/** Short enough to be part of the reference under which stock is issued. */
const CODE = /^(?=.{1,160}$)(?:[A-Za-z][A-Za-z0-9+.-]*:\S+|[\w.~-]{1,64})$/;
const MAX_LEGS = 10_000;

export const KINDS: readonly TransformationKind[] = [
  'production',
  'rework',
  'split',
  'merge',
  'repack',
  'relabel',
  'disassembly',
];

export class TransformedLotDto {
  /** The lot in any id form; or `item` and `lotCode`. */
  @IsOptional()
  @IsIdentifier()
  lot?: string;

  @IsOptional()
  @IsIdentifier()
  item?: string;

  @IsOptional()
  @IsString()
  @Length(1, 256)
  lotCode?: string;

  /** Party that issued the lot code, of an item without GTIN; ours where it is not given. */
  @IsOptional()
  @IsIdentifier()
  issuer?: string;

  @ValidateNested()
  @Type(() => AmountDto)
  amount!: AmountDto;

  /** Where it is taken from or put, where that is not the place of the transformation. */
  @IsOptional()
  @IsIdentifier()
  place?: string;
}

export class InputDto extends TransformedLotDto {}

export class OutputDto extends TransformedLotDto {
  /** `product` where it is not said. */
  @IsOptional()
  @IsIn(['product', 'co-product', 'by-product', 'waste'])
  role?: 'product' | 'co-product' | 'by-product' | 'waste';

  @IsOptional()
  @ValidateNested()
  @Type(() => DatesDto)
  dates?: DatesDto;
}

export class LossDto {
  @ValidateNested()
  @Type(() => AmountDto)
  amount!: AmountDto;

  @IsOptional()
  @IsText()
  reason?: string;
}

export class StatementDto {
  /** `production` where it is not said; in a step, that of the step. */
  @IsOptional()
  @IsIn(KINDS)
  kind?: TransformationKind;

  /** Inputs are taken and outputs lie here unless they say otherwise. */
  @IsIdentifier()
  place!: string;

  @IsArray()
  @ArrayMaxSize(MAX_LEGS)
  @ValidateNested({ each: true })
  @Type(() => InputDto)
  inputs!: InputDto[];

  @IsArray()
  @ArrayMaxSize(MAX_LEGS)
  @ValidateNested({ each: true })
  @Type(() => OutputDto)
  outputs!: OutputDto[];

  /** What went in and is in no lot: evaporated, spilt. Waste that is kept is an output. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @ValidateNested({ each: true })
  @Type(() => LossDto)
  losses?: LossDto[];

  /** When it happened; now where it is not given. */
  @IsOptional()
  @IsInstant()
  eventTime?: string;
}

/** A record of a step. */
export class RecordInStepDto extends StatementDto {
  /** A URI that other systems share, or a code of the plant's own; made up where it is not given. */
  @IsOptional()
  @IsString()
  @Matches(CODE, { message: 'transformation must be a URI or a code of letters, digits and . _ ~ -' })
  transformation?: string;
}

export class RecordTransformationDto extends RecordInStepDto {
  /** Of the run, as the plant names it; one that was started as a step takes the record in. */
  @IsOptional()
  @IsText(256)
  step?: string;
}

export class CorrectTransformationDto {
  @IsText()
  reason!: string;

  /** What happened instead; without it the transformation did not happen. */
  @IsOptional()
  @ValidateNested()
  @Type(() => StatementDto)
  statement?: StatementDto;
}
