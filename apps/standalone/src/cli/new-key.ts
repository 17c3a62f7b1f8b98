import { createHash, randomBytes } from 'node:crypto';

export interface NewKey {
  /** What the caller sends; shown once, kept nowhere. */
  key: string;
  /** What goes into LOTLINE_API_KEYS. */
  entry: string;
}

/** @param permissions as `capture:write`, `inventory:*`, `*:read`, `*`. */
export const newKey = (name: string, permissions: readonly string[]): NewKey => {
  const key = `ltl_${randomBytes(32).toString('base64url')}`;
  const hash = createHash('sha256').update(key).digest('hex');
  return { key, entry: `${name} ${hash} ${permissions.join(',')}` };
};
