import { Type } from 'class-transformer';
import { IsIn, IsOptional, IsString, Length, ValidateNested } from 'class-validator';
import { AmountDto, IsDay, IsIdentifier, IsOwnId, IsText, PageDto } from '#platform';

const SEVERITIES = ['minor', 'major', 'critical'] as const;
type Severity = (typeof SEVERITIES)[number];

export class OpenNonconformanceDto {
  /** The caller's id of it; made up where absent. */
  @IsOptional()
  @IsOwnId()
  nonconformance?: string;

  @IsText()
  description!: string;

  @IsIn(SEVERITIES)
  severity!: Severity;

  @IsOptional()
  @IsIdentifier()
  lot?: string;

  /** How much of the lot it concerns. */
  @IsOptional()
  @ValidateNested()
  @Type(() => AmountDto)
  amount?: AmountDto;

  /** The party it is laid to, a supplier for instance. */
  @IsOptional()
  @IsIdentifier()
  party?: string;

  /** The inspection that showed it. */
  @IsOptional()
  @IsOwnId()
  inspection?: string;

  /** Who sees to it: a role or a user's id. */
  @IsOptional()
  @IsText(256)
  owner?: string;

  @IsOptional()
  @IsDay()
  due?: string;
}

export class FindCauseDto {
  @IsText()
  cause!: string;
}

export class SetActionDto {
  @IsText()
  action!: string;

  @IsText(256)
  owner!: string;

  @IsDay()
  due!: string;
}

export class FinishActionDto {
  /** What came of it. */
  @IsText()
  result!: string;
}

export class CloseNonconformanceDto {
  @IsText()
  conclusion!: string;
}

export class ReopenNonconformanceDto {
  @IsText()
  reason!: string;
}

export class ListNonconformancesDto extends PageDto {
  @IsOptional()
  @IsIn(['open', 'closed'])
  status?: 'open' | 'closed';

  @IsOptional()
  @IsIn(SEVERITIES)
  severity?: Severity;

  @IsOptional()
  @IsIdentifier()
  lot?: string;

  @IsOptional()
  @IsIdentifier()
  party?: string;

  /** Who has to act next. */
  @IsOptional()
  @IsString()
  @Length(1, 256)
  owner?: string;

  /** Those that are due by this day. */
  @IsOptional()
  @IsDay()
  dueBy?: string;
}
