import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsInt,
  IsOptional,
  IsString,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { IsIdentifier, IsText, PageDto } from '#platform';

const DECIMAL = /^-?(\d{1,40}(\.\d{0,20})?|\.\d{1,20})$/;

export class CharacteristicDto {
  @IsText(256)
  characteristic!: string;

  /** Of the limits and of what is measured. */
  @IsOptional()
  @IsString()
  @Matches(/^\S{1,64}$/, { message: 'unit must be a unit code such as CEL' })
  unit?: string;

  /** The least that is good, as decimal text. */
  @IsOptional()
  @IsString()
  @Matches(DECIMAL, { message: 'lower must be a decimal number, as text' })
  lower?: string;

  /** The most that is good, as decimal text. */
  @IsOptional()
  @IsString()
  @Matches(DECIMAL, { message: 'upper must be a decimal number, as text' })
  upper?: string;

  /** The finding that is good, where nothing is measured; upper and lower case are the same. */
  @IsOptional()
  @IsText(256)
  expected?: string;

  /** How many samples have to be checked; 1 where absent. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(10_000)
  sampleSize?: number;
}

export class DefinePlanDto {
  /** The plan is for goods from this supplier alone. */
  @IsOptional()
  @IsIdentifier()
  supplier?: string;

  /** Lots received by command stay in quarantine until an inspection by the plan is decided on. */
  @IsBoolean()
  quarantine!: boolean;

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(200)
  @ValidateNested({ each: true })
  @Type(() => CharacteristicDto)
  characteristics!: CharacteristicDto[];
}

export class WithdrawPlanDto {
  @IsOptional()
  @IsIdentifier()
  supplier?: string;

  @IsText()
  reason!: string;
}

/** Text that is neither stays text, so that the validator can show it. */
const boolean = ({ value }: { value: unknown }): unknown =>
  value === 'true' || value === '' ? true : value === 'false' ? false : value;

export class ListPlansDto extends PageDto {
  @IsOptional()
  @IsIdentifier()
  item?: string;

  @IsOptional()
  @IsIdentifier()
  supplier?: string;

  /** `true`: withdrawn ones too. */
  @IsOptional()
  @Transform(boolean)
  @IsBoolean()
  withdrawn?: boolean;
}
