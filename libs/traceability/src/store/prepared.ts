import { createHash } from 'node:crypto';
import type { QueryConfig } from 'pg';

const names = new Map<string, string>();

const nameOf = (text: string): string => {
  const known = names.get(text);
  if (known !== undefined) return known;
  const name = `facts-${createHash('sha256').update(text).digest('base64url').slice(0, 32)}`;
  names.set(text, name);
  return name;
};

/** A statement that each connection parses and plans once: planning costs more than running it for a small batch. */
export const prepared = (text: string, values: unknown[]): QueryConfig => ({ name: nameOf(text), text, values });
