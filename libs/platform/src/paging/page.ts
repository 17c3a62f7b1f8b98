import { malformed } from '#kernel';

/** A list's answer. */
export interface Page<T> {
  items: T[];
  /** Cursor of the next page; absent on the last. */
  next?: string;
}

/** A list's answer with the log position it stands at. */
export interface PageAt<T> extends Page<T> {
  position: string;
}

/** The sort key of a page's last row as an opaque cursor. */
export const cursorOf = (key: readonly string[]): string => Buffer.from(JSON.stringify(key)).toString('base64url');

/** @returns as many texts as asked, null each where there is no cursor. @throws LotlineError `bad-cursor` (400) */
export const cursorKey = (cursor: string | undefined, length: number): (string | null)[] => {
  if (cursor === undefined || cursor === '') return Array.from({ length }, () => null);
  const problem = malformed('bad-cursor', 'cursor is none of ours', [
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

/** Makes a page of rows that were read one beyond its limit. */
export const pageOf = <T>(rows: readonly T[], limit: number, key: (row: T) => readonly string[]): Page<T> => {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, ...(rows.length > limit && last !== undefined && { next: cursorOf(key(last)) }) };
};
