import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { parse } from 'yaml';
import type { InboundRecord } from '#event-bus';
import { refusedRecord, withoutContent } from './refused-record.js';

const record: InboundRecord = {
  ...{ topic: 'lotline.capture.v1', partition: 3, offset: '41', time: '2026-01-17T09:30:00.000Z' },
  key: Buffer.from('line-1'),
  value: Buffer.from([0x7b, 0xff]),
  headers: { 'content-type': 'application/json', mine: 'kept', lotline_refused_code: 'of an earlier time' },
};
const problem = { code: 'out-of-range', message: 'must not be negative', field: '/data/goods/0', found: '-3' };

describe('a refused record', () => {
  it('is the record that came, byte for byte, with what was wrong as headers', () => {
    expect(refusedRecord({ record, problems: [problem, { ...problem, code: 'missing-field' }] })).toEqual({
      ...{ topic: 'capture.refused.v1', key: record.key, value: record.value },
      headers: {
        ...{ 'content-type': 'application/json', mine: 'kept' },
        lotline_refused_id: 'lotline.capture.v1/3/41',
        lotline_refused_code: 'out-of-range',
        lotline_refused_message: 'must not be negative',
        lotline_refused_field: '/data/goods/0',
        lotline_refused_problems: JSON.stringify([problem, { ...problem, code: 'missing-field' }]),
        lotline_refused_topic: 'lotline.capture.v1',
        lotline_refused_partition: '3',
        lotline_refused_offset: '41',
      },
    });
  });

  it('of one event of a document is that event, with its index and the context it was written in', () => {
    const event = { index: 7, value: { 'ex:a': 1 }, context: [{ ex: 'https://example.org/' }] };
    const { value, headers } = refusedRecord({ record, problems: [problem], eventId: 'urn:e:1', event });
    expect(value).toBe('{"ex:a":1}');
    expect(headers).toMatchObject({
      lotline_refused_id: 'lotline.capture.v1/3/41/7',
      lotline_refused_index: '7',
      lotline_refused_event: 'urn:e:1',
      lotline_refused_context: '[{"ex":"https://example.org/"}]',
    });
  });

  it('says no more than there is room for', () => {
    const many = Array.from({ length: 5_000 }, () => ({ ...problem, message: 'é'.repeat(2_000) }));
    const context = ['https://example.org/'.repeat(1_000)];
    const { headers = {} } = refusedRecord({ record, problems: many, event: { index: 0, value: 1, context } });
    expect(JSON.parse(String(headers.lotline_refused_problems))).toEqual(many.slice(0, 8));
    expect(headers.lotline_refused_message).toHaveLength(1_000);
    expect(headers).not.toHaveProperty('lotline_refused_context');
  });

  it('has the headers that docs/asyncapi.yaml describes', () => {
    const document = parse(readFileSync('docs/asyncapi.yaml', 'utf8'), { maxAliasCount: 0 });
    const ajv = new Ajv({ strict: false, allErrors: true });
    formats.default(ajv);
    const validate = ajv.addSchema(document, 'asyncapi').getSchema('asyncapi#/components/messages/Refused/headers')!;
    const event = { index: 7, value: { 'ex:a': 1 }, context: [{ ex: 'https://example.org/' }] };
    const whole = refusedRecord({ record, problems: [problem] });
    const ofDocument = refusedRecord({ record, problems: [problem], eventId: 'urn:e:1', event });
    const described = JSON.stringify(document.components.schemas.RefusedHeaders);
    for (const { headers = {} } of [whole, ofDocument, withoutContent(whole), withoutContent(ofDocument)]) {
      expect([validate(headers), validate.errors]).toEqual([true, null]);
      for (const name of Object.keys(headers))
        if (name.startsWith('lotline_')) expect(described).toContain(`"${name}"`);
    }
  });

  it('can be told of without its content', () => {
    expect(withoutContent(refusedRecord({ record, problems: [problem] }))).toEqual({
      ...{ topic: 'capture.refused.v1', value: null },
      headers: expect.objectContaining({
        lotline_refused_id: 'lotline.capture.v1/3/41',
        lotline_refused_code: 'out-of-range',
        lotline_refused_left_out: expect.stringMatching(/^\d+ bytes/),
      }),
    });
  });
});
