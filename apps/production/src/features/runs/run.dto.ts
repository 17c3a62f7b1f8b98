import { Type } from 'class-transformer';
import { IsIn, IsOptional, IsString, Matches, ValidateNested } from 'class-validator';
import { AmountDto, IsIdentifier, IsInstant, IsText, PageDto } from '#platform';

export class StartRunDto {
  /** The plant's own number of the run; made up where it is not given. */
  @IsOptional()
  @IsString()
  @Matches(/^[\w.~-]{1,64}$/, { message: 'run must be a code of letters, digits and . _ ~ -' })
  run?: string;

  @IsIdentifier()
  place!: string;

  /** What is to be made; what its order is for, where the order is planned here. */
  @IsOptional()
  @IsIdentifier()
  item?: string;

  @IsOptional()
  @ValidateNested()
  @Type(() => AmountDto)
  planned?: AmountDto;

  /** The order it fulfils; one that is planned here has to be released. */
  @IsOptional()
  @IsText(256)
  order?: string;

  /** Now where it is not given. */
  @IsOptional()
  @IsInstant()
  eventTime?: string;
}

export class CompleteRunDto {
  /** Now where it is not given. */
  @IsOptional()
  @IsInstant()
  eventTime?: string;
}

export class AbortRunDto extends CompleteRunDto {
  @IsText()
  reason!: string;
}

export class ListRunsDto extends PageDto {
  @IsOptional()
  @IsIn(['started', 'completed', 'aborted'])
  status?: 'started' | 'completed' | 'aborted';
}
