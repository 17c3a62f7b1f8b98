import { IsBoolean, IsIn, IsOptional } from 'class-validator';
import { Transform } from 'class-transformer';
import { IsDay, IsIdentifier, PageDto } from '#platform';

const DATES = ['expiry', 'bestBefore', 'retest', 'removal'] as const;

export class ViewAlertsDto extends PageDto {
  /**
   * `true`: those that still stand (the lot has that date, some of it is on hand at the site, and no later alert was raised
   * for it); `false`: the others.
   */
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean()
  open?: boolean;

  /** Any id form. */
  @IsOptional()
  @IsIdentifier()
  lot?: string;

  /** GTIN or any URI. */
  @IsOptional()
  @IsIdentifier()
  item?: string;

  /** The site, as alerts name it. */
  @IsOptional()
  @IsIdentifier()
  site?: string;

  /** Which of the dates. */
  @IsOptional()
  @IsIn(DATES)
  date?: (typeof DATES)[number];

  /** Dates on or before this day. */
  @IsOptional()
  @IsDay()
  before?: string;
}
