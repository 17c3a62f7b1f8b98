import { LotlineError } from '#kernel';

/** @throws LotlineError `unsupported-media-type` (415) where the body is of none of these types. */
export const requireContentType = (contentType: string | undefined, ...allowed: readonly string[]): void => {
  const type = contentType?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (allowed.includes(type)) return;
  throw new LotlineError('unsupported', 'unsupported-media-type', `send ${allowed.join(' or ')}`, [
    {
      code: 'unsupported-media-type',
      message: 'the body has another content type than this route reads',
      field: 'Content-Type',
      found: type,
      expected: allowed.join(' or '),
    },
  ]);
};
