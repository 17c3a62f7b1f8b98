import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { malformed } from '#kernel';

export class PageDto {
  /** `next` of the page before. */
  @IsOptional()
  @IsString()
  @MaxLength(8192)
  cursor?: string;

  /** Rows of a page; 100 where absent. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1000)
  limit?: number;
}

export interface Page<T> {
  position: string;
  items: T[];
  /** Cursor of the next page; absent on the last. */
  next?: string;
}

export const cursorOf = (key: readonly string[]): string => Buffer.from(JSON.stringify(key)).toString('base64url');

/** @returns as many texts as asked, null each where there is no cursor. @throws LotlineError `invalid-request` */
export const keyOf = (cursor: string | undefined, length: number): (string | null)[] => {
  if (cursor === undefined || cursor === '') return Array.from({ length }, () => null);
  const problem = malformed('invalid-request', 'cursor is none of ours', [
    { code: 'bad-cursor', message: 'take `next` of the page before', field: '/cursor', found: cursor.slice(0, 200) },
  ]);
  let key: unknown;
  try {
    key = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    throw problem;
  }
  if (!Array.isArray(key) || key.length !== length || !key.every((part) => typeof part === 'string')) throw problem;
  return key;
};

/** Cuts the one row that was read beyond the page. */
export const pageOf = <T>(
  position: string,
  rows: readonly T[],
  limit: number,
  key: (row: T) => readonly string[],
): Page<T> => {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { position, items, ...(rows.length > limit && last !== undefined && { next: cursorOf(key(last)) }) };
};
