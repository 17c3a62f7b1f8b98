import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson, contentHash, uuidFromName } from './content-hash.js';

const shuffled = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(shuffled);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([k, v]) => [k, shuffled(v)]),
  );
};

describe('contentHash', () => {
  it('does not depend on the order of members', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(contentHash(shuffled(value))).toBe(contentHash(value));
      }),
    );
  });

  it('differs where a value, a name or the order of a list differs', () => {
    const texts = [{ a: 1 }, { a: '1' }, { b: 1 }, { a: [1, 2] }, { a: [2, 1] }, { a: null }, {}, []].map(contentHash);
    expect(new Set(texts).size).toBe(texts.length);
  });

  it('leaves undefined members out', () => {
    expect(canonicalJson({ b: undefined, a: 'x' })).toBe('{"a":"x"}');
  });
});

describe('uuidFromName', () => {
  it('is a UUID of version 8 that follows from the name', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(uuidFromName(a)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        expect(uuidFromName(a) === uuidFromName(b)).toBe(a === b);
      }),
    );
  });
});
