import { createHash } from 'node:crypto';
import { canonicalNumber, isRawNumber } from './lossless-json.js';

/**
 * JSON with sorted keys and no white space: equal content gives equal text, 12000.0 and 12000 being equal. Undefined
 * members are left out.
 */
export const canonicalJson = (value: unknown): string => {
  if (value === undefined) return 'null';
  if (typeof value === 'number' || isRawNumber(value)) return canonicalNumber(value) ?? 'null';
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const object = value as Record<string, unknown>;
  const members: string[] = [];
  for (const name of Object.keys(object).sort()) {
    const member = object[name];
    if (member !== undefined) members.push(`${JSON.stringify(name)}:${canonicalJson(member)}`);
  }
  return `{${members.join(',')}}`;
};

/** SHA-256 of the canonical JSON, hex. */
export const contentHash = (value: unknown): string => createHash('sha256').update(canonicalJson(value)).digest('hex');

/**
 * A UUID that follows from a name (SHA-256 based, RFC 9562 version 8), so that the same cause always has the same id.
 * @param name must be unambiguous by itself: prefix it with what it names, e.g. `fact:urn:uuid:…`.
 */
export const uuidFromName = (name: string): string => {
  const h = createHash('sha256').update(name).digest();
  h[6] = ((h[6] ?? 0) & 0x0f) | 0x80;
  h[8] = ((h[8] ?? 0) & 0x3f) | 0x80;
  const x = h.toString('hex', 0, 16);
  return `${x.slice(0, 8)}-${x.slice(8, 12)}-${x.slice(12, 16)}-${x.slice(16, 20)}-${x.slice(20)}`;
};
