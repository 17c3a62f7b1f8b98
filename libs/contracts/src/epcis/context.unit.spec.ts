import { describe, expect, it } from '@jest/globals';
import { expandTerm, readContext, writeContext } from './context.js';

const STANDARD = 'https://ref.gs1.org/standards/epcis/epcis-context.jsonld';

describe('a JSON-LD context', () => {
  it.each([
    ['an address', STANDARD, {}, []],
    ['a dated address of the standard', 'https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld', {}, []],
    ['a list', [STANDARD, { a: 'urn:a:' }, { b: 'urn:b:' }, { a: 'urn:a2:' }], { a: 'urn:a2:', b: 'urn:b:' }, []],
    ['an object', { a: { '@id': 'urn:a:' }, '@vocab': 'urn:v:', n: 7 }, { a: 'urn:a:' }, []],
    ['another address', [STANDARD, 'https://x.example/c.jsonld'], {}, ['https://x.example/c.jsonld']],
    ['nothing', undefined, {}, []],
    ['something else', [7, null, true], {}, []],
  ])('is read from %s', (_, context, prefixes, contexts) => {
    expect(readContext(context)).toEqual({ prefixes, contexts });
  });

  it('says the same when it is written and read again, and adds to an outer one', () => {
    const context = readContext(['https://x.example/c.jsonld', { a: 'urn:a:' }]);
    expect(readContext(writeContext(context))).toEqual(context);
    expect(readContext({ b: 'urn:b:' }, context).prefixes).toEqual({ a: 'urn:a:', b: 'urn:b:' });
  });
});

describe('expandTerm', () => {
  it.each(['cbvmda:lotNumber', 'urn:epcglobal:cbv:mda:lotNumber', 'urn:epcglobal:cbv:mda#lotNumber', 'mda:lotNumber'])(
    'knows %s for master data',
    (term) => expect(expandTerm(term, { mda: 'urn:epcglobal:cbv:mda:' })).toBe('urn:epcglobal:cbv:mda#lotNumber'),
  );

  it.each([
    ['gdst:productOwner', 'https://t.example/productOwner'],
    ['https://t.example/x', 'https://t.example/x'],
    ['unknown:x', 'unknown:x'],
    ['bare', 'bare'],
    ['own', 'urn:own:term'],
    ['constructor:x', 'constructor:x'],
    ['toString', 'toString'],
  ])('expands %s to %s', (term, uri) =>
    expect(expandTerm(term, { gdst: 'https://t.example/', own: 'urn:own:term' })).toBe(uri),
  );
});
