import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseLossless } from '#kernel';
import { canonicalEventId, epcisContentKey, epcisEventId } from './canonical-event.js';
import type { EpcisEvent } from './events.js';
import { context, everyField } from './every-field.fixture.js';
import { BIZ_STEPS } from './vocabulary/biz-step.js';
import { DISPOSITIONS } from './vocabulary/disposition.js';

const key = (event: unknown, prefixes: Record<string, string> = context.prefixes): string =>
  epcisContentKey(event as EpcisEvent, prefixes);

/** The same event as another system would write it. */
const rewrite = (value: unknown, random: () => number, path: string[] = []): unknown => {
  const pick = <T>(...options: T[]): T => options[Math.floor(random() * options.length)]!;
  if (Array.isArray(value)) {
    const items = value.map((item) => rewrite(item, random, path));
    return items
      .map((item) => ({ item, at: random() }))
      .sort((a, b) => a.at - b.at)
      .map(({ item }) => item);
  }
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value).map(([name, member]): [string, unknown] => [
      name.startsWith('ext:')
        ? pick(name, `other:${name.slice(4)}`, `https://ext.example/epcis/${name.slice(4)}`)
        : name.startsWith('cbvmda:')
          ? pick(name, `urn:epcglobal:cbv:mda#${name.slice(7)}`)
          : name === 'note'
            ? pick('note', 'https://ext.example/note')
            : name,
      rewrite(member, random, [...path, name]),
    ]);
    return Object.fromEntries(
      entries
        .map((entry) => ({ entry, at: random() }))
        .sort((a, b) => a.at - b.at)
        .map(({ entry }) => entry),
    );
  }
  if (typeof value === 'number')
    return parseLossless(`${value}${Number.isInteger(value) ? pick('', '.0', 'e0') : pick('', '0')}`);
  if (typeof value !== 'string') return value;
  if (path.at(-1) === 'bizStep' && BIZ_STEPS.terms.has(value.replace(/.*-/, ''))) {
    const bare = value.replace(/.*-/, '');
    return pick(
      bare,
      `cbv:BizStep-${bare}`,
      `urn:epcglobal:cbv:bizstep:${bare}`,
      `https://ref.gs1.org/cbv/BizStep-${bare}`,
    );
  }
  if (DISPOSITIONS.terms.has(value)) return pick(value, `cbv:Disp-${value}`, `urn:epcglobal:cbv:disp:${value}`);
  if ((path.at(-1) ?? '').endsWith('Time') && path.at(-1) !== 'recordTime')
    return pick(value, new Date(Date.parse(value) + 3_600_000).toISOString().replace('Z', '+01:00'));
  const forms: Record<string, string> = {
    'urn:epc:class:lgtin:4012345.012345.998877': 'https://lots.example/01/04012345123456/10/998877',
    'urn:epc:id:sgtin:0614141.107346.2018': 'https://id.gs1.org/gtin/10614141073464/ser/2018',
    'urn:epc:id:sscc:0614141.1234567890': 'https://id.gs1.org/00/106141412345678908',
    'urn:epc:id:pgln:4012345.00225': 'https://id.gs1.org/417/4012345002256',
  };
  return pick(value, forms[value] ?? value);
};

const seeded = (seed: number) => (): number => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return seed / 2 ** 32;
};

describe('the canonical content of an EPCIS event', () => {
  it.each(everyField.map((event, i) => [`${event.type} ${i}`, event] as const))(
    'of a %s does not depend on how it is written',
    (_, event) => {
      fc.assert(
        fc.property(fc.integer(), (seed) => {
          const written = rewrite(event, seeded(seed));
          const prefixes = { ...context.prefixes, other: 'https://ext.example/epcis/' };
          expect(key(written, prefixes)).toBe(key(event));
        }),
      );
    },
  );

  it('does not depend on eventID, recordTime, @context and empty lists', () => {
    const [event] = everyField;
    const { eventID: _i, recordTime: _r, ...rest } = event!;
    expect(key({ ...rest, '@context': ['x'], recordTime: '2030-01-01T00:00:00Z', childEPCs: [] })).toBe(key(event));
  });

  it.each([
    [
      'a quantity',
      { quantityList: [{ epcClass: 'urn:epc:class:lgtin:4012345.012345.998877', quantity: 200.51, uom: 'KGM' }] },
    ],
    ['a step', { bizStep: 'shipping' }],
    ['an action', { action: 'OBSERVE' }],
    ['a lot code in another case', { epcList: ['urn:epc:id:sgtin:0614141.107346.2018A'] }],
    ['a time', { eventTime: '2026-04-05T02:33:31.1160001Z' }],
    ['an extension', { 'ext:array': ['12'] }],
    ['a place', { bizLocation: { id: 'urn:x:other' } }],
    ['no declaration', { errorDeclaration: undefined }],
    ['ilmd', { ilmd: { 'cbvmda:lotNumber': 'ABD' } }],
  ])('depends on %s', (_, changes) => {
    expect(key({ ...everyField[0], ...changes })).not.toBe(key(everyField[0]));
  });

  it('counts exact decimals, not doubles', () => {
    const withQuantity = (literal: string) => ({
      ...everyField[0],
      quantityList: parseLossless(`[{"epcClass":"urn:x:1","quantity":${literal}}]`),
    });
    expect(key(withQuantity('9007199254740993'))).not.toBe(key(withQuantity('9007199254740992')));
    expect(key(withQuantity('12000.0'))).toBe(key(withQuantity('1.2e4')));
  });
});

describe('the id of an EPCIS event', () => {
  it('is its own, and that of a UUID whatever its case', () => {
    expect(epcisEventId({ eventID: 'urn:uuid:404D95FC-9457-4A51-BD6A-0BBA133845A8' })).toBe(
      'urn:uuid:404d95fc-9457-4a51-bd6a-0bba133845a8',
    );
    expect(canonicalEventId('urn:uuid:cd1df67c-def8-4a64-a19a-e531ff11b6a7U')).toBe(
      'urn:uuid:cd1df67c-def8-4a64-a19a-e531ff11b6a7U',
    );
  });

  it('else follows from its content, and is the same for its error declaration', () => {
    const { eventID: _, errorDeclaration, ...event } = everyField[0]!;
    const id = epcisEventId(event, context.prefixes);
    expect(id).toMatch(/^ni:\/\/\/sha-256;[0-9a-f]{64}\?ver=Lotline1$/);
    expect(epcisEventId({ ...event, errorDeclaration } as EpcisEvent, context.prefixes)).toBe(id);
    expect(epcisEventId({ ...event, bizStep: 'shipping' }, context.prefixes)).not.toBe(id);
  });
});
