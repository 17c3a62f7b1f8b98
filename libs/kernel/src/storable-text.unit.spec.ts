import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isStorable, mayBeUnstorable, unstorableTexts } from './storable-text.js';

const fieldsOf = (json: string): (string | undefined)[] => unstorableTexts(JSON.parse(json)).map(({ field }) => field);

describe('text that PostgreSQL cannot store', () => {
  it.each([
    [String.raw`{"a": {"b/c": ["x", "A\u0000B"]}}`, ['/a/b~1c/1']],
    [String.raw`{"a\u0000": 1, "b": "\ud800"}`, ['/a\0', '/b']],
    [String.raw`"\uDC00\uD800"`, ['']],
    [String.raw`["\ud83d\ude00", "\\u0000", "plain"]`, []],
    ['"😀"', []],
    ['null', []],
  ])('in %s is at %j', (json, fields) => {
    expect(fieldsOf(json)).toEqual(fields);
  });

  it('says what it found and why', () => {
    expect(unstorableTexts({ lot: 'A\0B', note: '\ud800' })).toEqual([
      expect.objectContaining({
        code: 'bad-text',
        field: '/lot',
        found: 'A\0B',
        message: expect.stringMatching('NUL'),
      }),
      expect.objectContaining({ code: 'bad-text', field: '/note', message: expect.stringMatching('surrogate') }),
    ]);
  });

  it('leaves out what it is told to, and does not mind how deep a value is', () => {
    const events = ['\0'];
    expect(unstorableTexts({ body: { events }, sender: '\0' }, events).map(({ field }) => field)).toEqual(['/sender']);
    let deep: unknown = '\0';
    for (let i = 0; i < 50_000; i++) deep = [deep];
    expect(unstorableTexts(deep)).toHaveLength(1);
  });

  it('is never missed by the cheap test, however it is written', () => {
    const unit = fc.constantFrom('\0', '\ud800', '\udfff', '😀', '\\', 'u0000', 'a', '"');
    const text = fc.array(unit, { maxLength: 6 }).map((units) => units.join(''));
    fc.assert(
      fc.property(fc.dictionary(text, fc.array(text, { maxLength: 3 }), { maxKeys: 4 }), (value) => {
        const json = JSON.stringify(value);
        const isBad = Object.entries(value).some(([name, texts]) => ![name, ...texts].every(isStorable));
        expect(unstorableTexts(JSON.parse(json)).length > 0).toBe(isBad);
        if (!mayBeUnstorable(json)) expect(isBad).toBe(false);
      }),
      { numRuns: 300 },
    );
  });
});
