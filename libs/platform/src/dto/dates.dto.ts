import { IsOptional } from 'class-validator';
import { IsDay } from './constraints.js';

/** The dates of a lot; a day (also as GS1 writes it: YYMMDD), or a date-time whose own offset tells the day. */
export class DatesDto {
  @IsOptional()
  @IsDay()
  production?: string;

  /** Use by. */
  @IsOptional()
  @IsDay()
  expiry?: string;

  @IsOptional()
  @IsDay()
  bestBefore?: string;

  @IsOptional()
  @IsDay()
  retest?: string;

  /** The last day with the minimum remaining life. */
  @IsOptional()
  @IsDay()
  removal?: string;
}
