import { malformed } from '#kernel';

/** Where a page of jobs ended. */
export interface PageEnd {
  createdAt: string;
  id: string;
}

export const pageToken = ({ createdAt, id }: PageEnd): string =>
  Buffer.from(JSON.stringify([createdAt, id])).toString('base64url');

/** @throws LotlineError malformed where the token is none of ours. */
export const readPageToken = (token: string | undefined): PageEnd | undefined => {
  if (token === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    if (Array.isArray(value) && typeof value[0] === 'string' && typeof value[1] === 'string') {
      const [createdAt, id] = value as [string, string];
      if (!Number.isNaN(Date.parse(createdAt)) && /^[0-9a-f-]{36}$/.test(id)) return { createdAt, id };
    }
  } catch {
    // Said below.
  }
  throw malformed('bad-page-token', 'nextPageToken is not one of an earlier answer', [
    { code: 'bad-page-token', message: 'not a page token', field: 'nextPageToken', found: token.slice(0, 100) },
  ]);
};

/** @throws LotlineError malformed unless 1 to 100; 30 where it is not sent. */
export const readPerPage = (text: string | undefined): number => {
  if (text === undefined) return 30;
  const n = Number(text);
  if (Number.isInteger(n) && n >= 1 && n <= 100) return n;
  throw malformed('bad-per-page', 'perPage is a whole number from 1 to 100', [
    {
      code: 'bad-per-page',
      message: 'out of range',
      field: 'perPage',
      found: text.slice(0, 20),
      expected: '1 to 100',
    },
  ]);
};
