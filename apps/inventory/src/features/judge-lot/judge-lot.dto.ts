import { IsIn, IsOptional } from 'class-validator';
import { IsInstant, IsOwnId, IsText } from '#platform';

export class ReleaseLotDto {
  @IsOptional()
  @IsText()
  reason?: string;
}

export class RejectLotDto {
  @IsText()
  reason!: string;
}

export class RecordInspectionDto {
  /** The caller's id of this inspection; made up where absent. */
  @IsOptional()
  @IsOwnId()
  inspection?: string;

  @IsIn(['pass', 'fail', 'inconclusive'])
  result!: 'pass' | 'fail' | 'inconclusive';

  @IsOptional()
  @IsText(256)
  characteristic?: string;

  @IsOptional()
  @IsText(256)
  measured?: string;

  @IsOptional()
  @IsText()
  note?: string;

  @IsOptional()
  @IsInstant()
  inspectedAt?: string;
}
