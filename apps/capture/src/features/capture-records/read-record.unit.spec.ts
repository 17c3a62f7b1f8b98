import { describe, expect, it } from '@jest/globals';
import { readRecord } from './read-record.js';

const read = (value: unknown, headers: Record<string, string> = {}) =>
  readRecord({ value: Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)), headers });
const bytes = (value: Buffer | null) => readRecord({ value, headers: {} });
const codes = (result: ReturnType<typeof readRecord>): string[] =>
  result.form === 'unreadable' ? result.problems.map(({ code }) => code) : [result.form];

const event = { type: 'ObjectEvent', eventTime: '2026-01-17T09:30:00Z', action: 'OBSERVE' };
const fact = { specversion: '1.0', id: '1', source: 'urn:erp', type: 'LotMoved', data: {} };
const document = {
  '@context': ['https://ref.gs1.org/standards/epcis/epcis-context.jsonld', { ex: 'https://example.org/' }],
  type: 'EPCISDocument',
  schemaVersion: '2.0',
  creationDate: '2026-01-17T10:00:00Z',
  sender: 'urn:erp',
  epcisBody: { eventList: [event] },
};

describe('a record of the way in', () => {
  it('is recognised by its content where no header tells', () => {
    expect(read(fact)).toEqual({ form: 'cloud-event', value: fact });
    for (const type of ['ObjectEvent', 'epcis:TransformationEvent', 'https://ref.gs1.org/epcis/AssociationEvent'])
      expect(read({ ...event, type })).toEqual({ form: 'epcis-event', value: { ...event, type } });
    expect(read(document)).toMatchObject({
      ...{ form: 'document', sender: 'urn:erp', context: document['@context'] },
      document: { events: [event], context: { prefixes: { ex: 'https://example.org/' } } },
    });
    expect(read({ ...document, type: 'epcis:EPCISDocument' }).form).toBe('document');
  });

  it('with a mistake in what tells its form is still read as what it was meant to be, so that the mistake is named', () => {
    expect(codes(read({ ...event, type: 'ObjectEvnt' }))).toEqual(['epcis-event']);
    expect(codes(read({ ...document, type: 'EPCISDocumnt' }))).toEqual(['unknown-document-type']);
    expect(codes(read({ ...document, creationDate: undefined }))).toEqual(['missing-field']);
  });

  it('is a CloudEvent in structured mode where the content type says so', () => {
    const structured = { 'content-type': 'application/cloudevents+json; charset=utf-8' };
    expect(read({ id: '1' }, structured)).toEqual({ form: 'cloud-event', value: { id: '1' } });
    expect(read(fact, { ...structured, ce_specversion: '1.0', ce_id: '2' })).toEqual({
      form: 'cloud-event',
      value: fact,
    });
  });

  it('is a CloudEvent in binary mode where headers are its attributes', () => {
    const headers = {
      ...{ ce_specversion: '1.0', ce_id: '1', ce_source: 'urn:erp', ce_type: 'LotMoved', other: 'x' },
      'content-type': 'application/json',
    };
    expect(read('{"amount":12000.0}', { ...headers, ce_data: 'not this' })).toMatchObject({
      form: 'cloud-event',
      value: { specversion: '1.0', id: '1', source: 'urn:erp', type: 'LotMoved', datacontenttype: 'application/json' },
    });
    const kept = read('{"amount":12000.0}', headers);
    expect(JSON.stringify(kept)).toContain('"data":{"amount":12000.0}');
    expect(JSON.stringify(kept)).not.toContain('other');
  });

  it.each([
    ['no value', bytes(null), 'empty'],
    ['nothing in its value', bytes(Buffer.alloc(0)), 'empty'],
    ['blanks', read('  '), 'not-json'],
    ['bytes that are no UTF-8', bytes(Buffer.from([0x7b, 0xff, 0xfe, 0x7d])), 'not-utf-8'],
    ['text that is no JSON', read('{"type":'), 'not-json'],
    ['lists within lists', read('['.repeat(5_000) + ']'.repeat(5_000)), 'too-deep'],
    ['a list', read([fact]), 'wrong-form'],
    ['a batch', read([fact], { 'content-type': 'application/cloudevents-batch+json' }), 'wrong-form'],
    ['a number', read('12'), 'wrong-type'],
    ['null', read('null'), 'wrong-type'],
    ['XML', read('<epcis/>', { 'content-type': 'application/xml' }), 'unsupported-media-type'],
    ['an object of another kind', read({ hello: 'world' }), 'unknown-form'],
    ['a document without events', read({ ...document, epcisBody: { eventList: [] } }), 'empty'],
  ])('with %s is refused with a code and what was expected', (_what, result, code) => {
    expect(codes(result)).toEqual([code]);
  });
});
