import { IsIn, IsOptional } from 'class-validator';
import { IsIdentifier, IsOwnId, PageDto } from '#platform';

const STATUSES = ['suspect', 'quarantine', 'held', 'rejected'] as const;

export class ListSuspectsDto extends PageDto {
  /** Id of a hold: what it alone makes suspect. */
  @IsOptional()
  @IsOwnId()
  hold?: string;

  /** Whose holds: `recall:{case}`, `quality`. */
  @IsOptional()
  @IsOwnId()
  owner?: string;

  /** GTIN or any URI. */
  @IsOptional()
  @IsIdentifier()
  item?: string;

  /** Where some of it is on hand. */
  @IsOptional()
  @IsIdentifier()
  place?: string;

  /** `suspect`: those that nothing graver keeps from being used. */
  @IsOptional()
  @IsIn(STATUSES)
  status?: (typeof STATUSES)[number];
}
