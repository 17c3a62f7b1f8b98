import { describe, expect, it } from '@jest/globals';
import { plainToInstance } from 'class-transformer';
import { IsOptional, validateSync } from 'class-validator';
import { IsDay } from './constraints.js';

class AskedDto {
  @IsOptional()
  @IsDay()
  day?: string;
}

/** The day as a handler gets it; null where the request is refused. */
const dayOf = (day: unknown): unknown => {
  const dto = plainToInstance(AskedDto, { day });
  return validateSync(dto).length === 0 ? dto.day : null;
};

describe('a day in a request', () => {
  it.each([
    ['2026-04-20', '2026-04-20'],
    ['260420', '2026-04-20'],
    ['260200', '2026-02-28'],
    ['2026-02-00', '2026-02-28'],
    ['2026-04-20T23:30:00-05:00', '2026-04-20T23:30:00-05:00'],
    [undefined, undefined],
  ])('%s is %s', (written, day) => {
    expect(dayOf(written)).toBe(day);
  });

  it.each(['261301', '2026-02-30', '20 April', '', 260420, {}])('%s is none', (written) => {
    expect(dayOf(written)).toBeNull();
  });
});
