import { IsIn, IsOptional, IsString, Matches } from 'class-validator';
import type { TransformationKind } from '#contracts';
import { IsInstant, IsText } from '#platform';
import { KINDS } from '../transformations/transformation.dto.js';

export class StepChangeDto {
  /** Now where it is not given. */
  @IsOptional()
  @IsInstant()
  eventTime?: string;
}

export class StepStopDto extends StepChangeDto {
  @IsText()
  reason!: string;
}

export class StartStepDto extends StepChangeDto {
  /** Its name in the run; where the run follows a recipe, that of a step of it. */
  @IsText(256)
  step!: string;

  /** A URI that other systems share for all that happens in the step; made from run and step where it is not given. */
  @IsOptional()
  @IsString()
  @Matches(/^(?=.{1,160}$)[A-Za-z][A-Za-z0-9+.-]*:\S+$/, { message: 'transformation must be a URI' })
  transformation?: string;

  /** `production` where it is not said. */
  @IsOptional()
  @IsIn(KINDS)
  kind?: TransformationKind;
}
