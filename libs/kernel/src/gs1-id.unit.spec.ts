import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalId, checkDigit, gtin14, itemId, lotIdOfGtin, lotIdOfParty } from './gs1-id.js';

describe('canonicalId', () => {
  // Examples of the EPC Tag Data Standard 1.13, EPCIS 2.0 section 9.6 and GS1 Digital Link 1.2.
  it.each([
    ['urn:epc:id:sgtin:0614141.112345.400', 'https://id.gs1.org/01/10614141123459/21/400', 'serial'],
    ['urn:epc:id:sgtin:0614141.107346.2018', 'https://id.gs1.org/01/10614141073464/21/2018', 'serial'],
    ['urn:epc:id:sgtin:0614141.112345.32a%2Fb', 'https://id.gs1.org/01/10614141123459/21/32a%2Fb', 'serial'],
    ['urn:epc:idpat:sgtin:0614141.112345.*', 'https://id.gs1.org/01/10614141123459', 'item'],
    ['urn:epc:class:lgtin:4012345.012345.998877', 'https://id.gs1.org/01/04012345123456/10/998877', 'lot'],
    ['urn:epc:id:sscc:0614141.1234567890', 'https://id.gs1.org/00/106141412345678908', 'unit'],
    ['urn:epc:id:sgln:0614141.12345.400', 'https://id.gs1.org/414/0614141123452/254/400', 'place'],
    ['urn:epc:id:sgln:4012345.00225.0', 'https://id.gs1.org/414/4012345002256', 'place'],
    ['urn:epc:id:pgln:4012345.00225', 'https://id.gs1.org/417/4012345002256', 'party'],
    ['https://id.gs1.org/01/09506000134352', 'https://id.gs1.org/01/09506000134352', 'item'],
    [
      'https://example.com/some/path/01/9506000134352/10/ABC?17=201225',
      'https://id.gs1.org/01/09506000134352/10/ABC',
      'lot',
    ],
    ['https://example.com/gtin/9506000134352/lot/ABC', 'https://id.gs1.org/01/09506000134352/10/ABC', 'lot'],
    [
      'https://example.com/01/09506000134352/22/2A/10/ABC123/21/1234',
      'https://id.gs1.org/01/09506000134352/21/1234',
      'serial',
    ],
    ['http://example.com/00/106141412345678908/', 'https://id.gs1.org/00/106141412345678908', 'unit'],
    ['https://id.gs1.org/414/4012345002256/254/0', 'https://id.gs1.org/414/4012345002256', 'place'],
  ])('brings %s into the form %s', (id, canonical, kind) => {
    expect(canonicalId(id)).toMatchObject({ id: canonical, kind });
    expect(canonicalId(id).warning).toBeUndefined();
  });

  it('tells item and lot code, case included', () => {
    expect(canonicalId('urn:epc:class:lgtin:4012345.012345.aB%2Fc.1')).toEqual({
      id: 'https://id.gs1.org/01/04012345123456/10/aB%2Fc.1',
      kind: 'lot',
      item: 'https://id.gs1.org/01/04012345123456',
      lotCode: 'aB/c.1',
    });
  });

  it.each([
    'urn:epc:id:sscc:08600031303.0004', // 15 digits
    'urn:epc:id:sgtin:061414.112345.400',
    'urn:epc:class:lgtin:4012345.012345.a lot',
    'urn:epc:class:lgtin:4012345.012345.%zz',
    'urn:epc:class:lgtin:4012345.012345.123456789012345678901',
    'urn:epc:id:pgln:4012345.00225.7',
    'urn:epc:id:sgln:401234x.00225.0',
    'https://id.gs1.org/01/09506000134353', // check digit
    'https://id.gs1.org/00/10614141234567890',
    'https://id.gs1.org/414/4012345002257',
  ])('keeps the malformed key %s as it came, with a warning', (id) => {
    expect(canonicalId(id)).toEqual({ id, kind: 'other', warning: expect.any(String) });
  });

  it.each([
    'urn:uuid:404d95fc-9457-4a51-bd6a-0bba133845a8',
    'https://example.com/lots/17',
    'geo:0,0',
    'urn:epc:id:gid:1.2.3',
  ])('keeps %s as it came, without a warning', (id) => expect(canonicalId(id)).toEqual({ id, kind: 'other' }));

  it('reads the patterns of GDST', () => {
    const domain = 'urn:gdst:example.org';
    expect(canonicalId(`${domain}:product:lot:class:processor.2u.v1-0122.2022`)).toEqual({
      id: `${domain}:product:lot:class:processor.2u.v1-0122.2022`,
      kind: 'lot',
      item: `${domain}:product:class:processor.2u`,
      lotCode: 'v1-0122.2022',
    });
    expect(canonicalId(`${domain}:location:loc:plant1u`).kind).toBe('place');
    expect(canonicalId(`${domain}:party:processor.1u`).kind).toBe('party');
    expect(canonicalId(`${domain}:product:class:processor.2u`)).toMatchObject({ kind: 'item' });
  });

  it('takes a lot without GTIN apart again', () => {
    const id = lotIdOfParty('urn:x:party:1', 'urn:x:item:a/b', 'L:1 %');
    expect(canonicalId(id)).toEqual({ id, kind: 'lot', item: 'urn:x:item:a/b', lotCode: 'L:1 %' });
  });

  const digits = (n: number): fc.Arbitrary<string> =>
    fc.string({ unit: fc.constantFrom(...Array.from('0123456789')), minLength: n, maxLength: n });
  const CHARSET_82 = '!"%&\'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz';
  const code = fc.string({ unit: fc.constantFrom(...Array.from(CHARSET_82)), minLength: 1, maxLength: 20 });
  /** TDS 1.13 section 6.3.3: what a URN must escape. */
  const urnEscape = (text: string): string =>
    text.replace(/["%&/<>?]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  const company = fc.integer({ min: 6, max: 12 }).chain(digits);

  /** Check digit in another way than the implementation's: the one that makes the weighted sum a multiple of ten. */
  const complete = (body: string): string => {
    for (let digit = 0; digit < 10; digit++) {
      const all = Array.from(`${body}${digit}`).reverse();
      if (all.reduce((sum, d, i) => sum + Number(d) * (i % 2 ? 3 : 1), 0) % 10 === 0) return body + String(digit);
    }
    throw new Error('no check digit');
  };

  it('means the same by an EPC URN and by any Digital Link of the same lot or serial', () => {
    const cases = company.chain((prefix) =>
      fc.record({ prefix: fc.constant(prefix), reference: digits(13 - prefix.length), code }),
    );
    fc.assert(
      fc.property(
        cases,
        fc.constantFrom('https://id.gs1.org', 'http://dairy.example/x'),
        ({ prefix, reference, code }, root) => {
          const gtin = complete(reference[0]! + prefix + reference.slice(1));
          for (const [urn, ai] of [
            [`urn:epc:class:lgtin:${prefix}.${reference}.${urnEscape(code)}`, '10'],
            [`urn:epc:id:sgtin:${prefix}.${reference}.${urnEscape(code)}`, '21'],
          ] as const) {
            if (ai === '21' && code === '*') continue;
            const fromUrn = canonicalId(urn);
            const fromLink = canonicalId(`${root}/01/${gtin}/${ai}/${encodeURIComponent(code)}`);
            expect(fromUrn).toEqual(fromLink);
            expect(fromUrn.warning).toBeUndefined();
            expect(canonicalId(fromUrn.id)).toEqual(fromUrn);
            expect(ai === '10' ? fromUrn.lotCode : fromUrn.serial).toBe(code);
          }
        },
      ),
    );
  });

  it('means the same by an EPC URN and by a Digital Link of the same unit, place or party', () => {
    fc.assert(
      fc.property(company, digits(11), code, (prefix, rest, extension) => {
        const serial = rest.slice(0, 17 - prefix.length).padEnd(17 - prefix.length, '7');
        const sscc = complete(serial[0]! + prefix + serial.slice(1));
        expect(canonicalId(`urn:epc:id:sscc:${prefix}.${serial}`)).toEqual(canonicalId(`https://x.example/00/${sscc}`));
        const reference = rest.slice(0, 12 - prefix.length);
        const gln = complete(prefix + reference);
        expect(canonicalId(`urn:epc:id:pgln:${prefix}.${reference}`)).toEqual(
          canonicalId(`https://x.example/party/${gln}`),
        );
        expect(canonicalId(`urn:epc:id:sgln:${prefix}.${reference}.${urnEscape(extension)}`)).toEqual(
          canonicalId(`https://x.example/414/${gln}/254/${encodeURIComponent(extension)}`),
        );
        expect(canonicalId(`urn:epc:id:sscc:${prefix}.${serial}`).kind).toBe('unit');
      }),
    );
  });

  it('never throws, and what it gives is stable', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string().map((s) => `urn:epc:class:lgtin:4012345.012345.${s}`),
      fc.string().map((s) => `https://id.gs1.org/01/${s}`),
      fc.string().map((s) => `urn:gdst:${s}`),
      fc.string().map((s) => `urn:lotline:lot:${s}`),
    );
    fc.assert(fc.property(text, (id) => expect(canonicalId(canonicalId(id).id).id).toBe(canonicalId(id).id)));
  });

  it.each([
    'https://id.gs1.org/01/04012345123456/10/A%00B',
    'https://id.gs1.org/01/04012345123456/10/A%00B/21/7',
    'urn:epc:class:lgtin:4012345.012345.A%00B',
    'urn:lotline:lot:plant:urn%3Aitem:A%00B',
    'urn:lotline:lot:plant:urn%3Aitem%00:A',
  ])('never gives out a NUL that is encoded in %s', (id) => {
    const read = canonicalId(id);
    expect(read).toMatchObject({ id, kind: 'other' });
    expect(Object.values(read).join()).not.toContain('\0');
  });

  it('never takes two lots for one', () => {
    fc.assert(
      fc.property(code, code, (a, b) => {
        expect(lotIdOfGtin('04012345123456', a) === lotIdOfGtin('04012345123456', b)).toBe(a === b);
      }),
    );
  });
});

describe('GTINs', () => {
  it.each([
    ['96385074', '00000096385074'], // GTIN-8
    ['614141000036', '00614141000036'], // GTIN-12
    ['4012345123456', '04012345123456'],
    ['10614141123459', '10614141123459'],
  ])('fills %s up to %s', (text, full) => expect(gtin14(text)).toBe(full));

  it.each(['', '1234567', '96385075', '4012345123457', '401234512345x', '0401234512345', '123456789'])(
    'takes %s for none',
    (text) => expect(gtin14(text)).toBeUndefined(),
  );

  it('has an id, and check digits as the General Specifications compute them', () => {
    expect(itemId('04012345123456')).toBe('https://id.gs1.org/01/04012345123456');
    expect(checkDigit('629104150021')).toBe('3');
    expect(checkDigit('37610425002123456')).toBe('9');
  });
});
