import { decimal, decimalText } from './amount.js';

/**
 * JSON that keeps every number as it was written. A quantity of `12000.0` or of 20 digits comes back as the same literal
 * from `JSON.stringify`, which a double alone cannot do. A literal that a double prints alike stays a plain number.
 */
interface RawJson {
  readonly rawJSON: string;
}
// ECMAScript proposal "JSON.parse source text access", in Node since 21; the library types lack it.
const json = JSON as typeof JSON & {
  rawJSON(text: string): RawJson;
  isRawJSON(value: unknown): value is RawJson;
  parse(text: string, reviver: (key: string, value: unknown, context: { source?: string }) => unknown): unknown;
};

/** Cheap test: only a fraction, an exponent, a minus zero or 16 digits in a row can be lost. */
const MAY_BE_LOST = /\d\.\d|\d[eE]|\d{16}|-0/;

const keep = (_key: string, value: unknown, context: { source?: string }): unknown =>
  typeof value === 'number' && context.source !== undefined && String(value) !== context.source
    ? json.rawJSON(context.source)
    : value;

/**
 * Parses JSON without losing a number literal: one that a double would print differently becomes a raw JSON value, to be
 * read by `exactNumber`. Such values live in this thread only (`structuredClone` strips them).
 * @throws SyntaxError where the text is no JSON.
 */
export const parseLossless = (text: string): unknown =>
  MAY_BE_LOST.test(text) ? json.parse(text, keep) : (JSON.parse(text) as unknown);

export const isRawNumber = (value: unknown): value is RawJson => json.isRawJSON(value);

/** The number as it was written ("12000.0"), exact; undefined where the value is no number. */
export const exactNumber = (value: unknown): string | undefined => {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : undefined;
  return json.isRawJSON(value) ? value.rawJSON : undefined;
};

/** An exponent beyond these would need more digits than any quantity has: such a number is kept as written. */
const HUGE = /[eE][+-]?\d{4,}$/;

/** One text for one number however it is written (12000.0, 1.2e4, 12000); undefined where the value is no number. */
export const canonicalNumber = (value: unknown): string | undefined => {
  const text = exactNumber(value);
  // A double prints in the shortest form there is, but for very large and very small ones.
  if (typeof value === 'number' && text !== undefined && !text.includes('e')) return text;
  return text === undefined || HUGE.test(text) ? text : decimalText(decimal(text));
};

/** The same value with plain numbers in place of raw ones: for validators, which know doubles only. */
export const withPlainNumbers = (value: unknown): unknown => {
  if (value === null || typeof value !== 'object') return value;
  if (json.isRawJSON(value)) return Number(value.rawJSON);
  if (Array.isArray(value)) return value.map(withPlainNumbers);
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withPlainNumbers(member)]));
};

/**
 * How deep objects and lists are nested in a JSON text, found without parsing: a text nested thousands deep would overflow
 * the stack of whoever walks it.
 */
export const nestingDepth = (text: string): number => {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (inString) {
      if (c === 0x5c) i++;
      else if (c === 0x22) inString = false;
    } else if (c === 0x22) inString = true;
    else if (c === 0x7b || c === 0x5b) deepest = Math.max(deepest, ++depth);
    else if (c === 0x7d || c === 0x5d) depth--;
  }
  return deepest;
};
