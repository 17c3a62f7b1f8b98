import { Transform } from 'class-transformer';
import { IsOptional } from 'class-validator';
import { calendarDay } from '#kernel';
import { IsDay } from './constraints.js';

/** Decisions compare days as text: what GS1 writes (YYMMDD, day 00 for the last of the month) becomes a plain day. */
const AsPlainDay = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' && /^\d{6}$|-00$/.test(value) ? (calendarDay(value) ?? value) : value,
  );

/** The dates of a lot; a day (also as GS1 writes it: YYMMDD), or a date-time whose own offset tells the day. */
export class DatesDto {
  @IsOptional()
  @AsPlainDay()
  @IsDay()
  production?: string;

  /** Use by. */
  @IsOptional()
  @AsPlainDay()
  @IsDay()
  expiry?: string;

  @IsOptional()
  @AsPlainDay()
  @IsDay()
  bestBefore?: string;

  @IsOptional()
  @AsPlainDay()
  @IsDay()
  retest?: string;

  /** The last day with the minimum remaining life. */
  @IsOptional()
  @AsPlainDay()
  @IsDay()
  removal?: string;
}
