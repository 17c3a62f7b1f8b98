import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { contentHash } from './content-hash.js';
import {
  canonicalNumber,
  exactNumber,
  isRawNumber,
  nestingDepth,
  parseLossless,
  withPlainNumbers,
} from './lossless-json.js';

const literals = [
  '12000.0',
  '0.10',
  '12345678901234567890.123',
  '1e3',
  '1E+2',
  '-0',
  '9007199254740993',
  '1e400',
  '0.1',
  '7',
  '-1.5',
];

describe('parseLossless', () => {
  it.each(literals)('writes %s as it was', (literal) => {
    const text = `{"a":${literal},"b":[{"c":${literal}}],"d":"x"}`;
    expect(JSON.stringify(parseLossless(text))).toBe(text);
    expect(exactNumber((parseLossless(text) as { a: unknown }).a)).toBe(literal);
  });

  it('keeps a number plain where nothing would be lost', () => {
    expect(parseLossless('{"a":12.5,"b":7}')).toEqual({ a: 12.5, b: 7 });
    expect(isRawNumber((parseLossless('{"a":12.50}') as { a: unknown }).a)).toBe(true);
  });

  it('says so where the text is no JSON', () => {
    expect(() => parseLossless('{"a":1.0,}')).toThrow(SyntaxError);
    expect(() => parseLossless('')).toThrow(SyntaxError);
  });

  it('gives any JSON back with equal content', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(withPlainNumbers(parseLossless(text))).toEqual(JSON.parse(text));
        expect(JSON.parse(JSON.stringify(parseLossless(text)))).toEqual(JSON.parse(text));
      }),
    );
  });
});

describe('numbers', () => {
  it.each([
    ['12000.0', '12000'],
    ['1.2e4', '12000'],
    ['0.10', '0.1'],
    ['-0', '0'],
    ['12345678901234567890.50', '12345678901234567890.5'],
    ['1e99999', '1e99999'],
  ])('has one text for %s: %s', (literal, canonical) => {
    const { n } = parseLossless(`{"n":${literal}}`) as { n: unknown };
    expect(canonicalNumber(n)).toBe(canonical);
  });

  it.each([['text'], [null], [undefined], [Number.NaN], [{ rawJSON: '1' }]])('are none in %p', (value) => {
    expect(exactNumber(value)).toBeUndefined();
    expect(canonicalNumber(value)).toBeUndefined();
  });

  it('count as equal content however they are written', () => {
    const [a, b] = ['{"q":12000.0,"r":[1]}', '{"r":[1.00],"q":12000}'].map(parseLossless);
    expect(contentHash(a)).toBe(contentHash(b));
    expect(contentHash(a)).not.toBe(contentHash(parseLossless('{"q":12000.1,"r":[1]}')));
  });
});

describe('nestingDepth', () => {
  it.each([
    ['7', 0],
    ['{"a":"]}[{\\"["}', 1],
    ['[[],[[]]]', 3],
    ['{"a\\\\":[{}]}', 3],
  ])('of %s is %d', (text, depth) => expect(nestingDepth(text)).toBe(depth));

  it('is found of texts no parser could walk', () => expect(nestingDepth('['.repeat(1_000_000))).toBe(1_000_000));
});
