import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import * as contracts from '#contracts';
import type { EventDefinition, RecordedEvent } from '#contracts';
import { parseLossless } from '#kernel';
import {
  type ChainLink,
  decodeLink,
  decodeRecord,
  encodeRecord,
  encodeWatermark,
  isWatermark,
  type RecordHeaders,
  UndecodableRecord,
} from './record-format.js';

const samples = Object.values<unknown>(contracts).filter(
  (value): value is EventDefinition =>
    value !== null && typeof value === 'object' && 'sample' in value && 'context' in value && 'version' in value,
);

/** As a broker hands headers back: bytes. */
const sent = (headers: Record<string, string>): RecordHeaders =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Buffer.from(value)]));

const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const event = (data: fc.Arbitrary<unknown>): fc.Arbitrary<RecordedEvent> =>
  fc.record(
    {
      id: fc.uuid(),
      type: text,
      schemaVersion: fc.nat(),
      eventTime: text,
      data,
      meta: fc.record(
        { source: text, actor: text, correlationId: text, commandId: text, causationId: text, traceparent: text },
        { requiredKeys: ['source', 'actor', 'correlationId'], noNullPrototype: true },
      ),
      stream: text,
      revision: fc.nat(),
      position: fc.stringMatching(/^\d{16}$/),
      recordTime: text,
    },
    { noNullPrototype: true },
  );

const link = (position: string): ChainLink => ({
  after: '',
  position,
  log: { logId: 'a1', epoch: 3 },
  partitions: 4,
});

const comesBack = (one: RecordedEvent): void => {
  const { headers, value } = encodeRecord(one, one.stream, link(one.position));
  const back = decodeRecord(sent(headers), value);
  expect(back).toEqual(one);
  // Number literals as written too, which only the text shows.
  expect(JSON.stringify(back.data)).toBe(JSON.stringify(one.data));
  expect(decodeLink(sent(headers))).toEqual(link(one.position));
};

const numbers = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.integer({ min: 1 }),
    fc.constantFrom('', '.0', '.10', '.5e3', 'E-7', '00000000000000000001'),
  )
  .map(([sign, n, rest]) => parseLossless(`${sign}${n}${rest}`));

describe('a record of a log topic', () => {
  it.each(samples.map((definition) => [definition.type, definition] as const))('brings back %s', (type, definition) => {
    const data = parseLossless(JSON.stringify(definition.sample));
    const base = fc.sample(event(fc.constant(data)), { numRuns: 1, seed: 7 })[0]!;
    comesBack({ ...base, type, schemaVersion: definition.version });
  });

  it('brings back any event as the log gave it', () => {
    fc.assert(
      fc.property(
        event(
          fc.oneof(
            fc.jsonValue().map((v) => parseLossless(JSON.stringify(v))),
            numbers,
            fc.array(numbers),
          ),
        ),
        comesBack,
      ),
      { seed: 20261123, numRuns: 300 },
    );
  });

  it('is a CloudEvent of the binary mode', () => {
    const [one] = fc.sample(event(fc.constant({ n: 1 })), { numRuns: 1, seed: 1 });
    const { headers } = encodeRecord({ ...one!, type: 'LotHeld', schemaVersion: 2 }, 'k');
    expect(headers).toMatchObject({
      ce_specversion: '1.0',
      ce_id: one!.id,
      ce_source: one!.meta.source,
      ce_type: 'LotHeld',
      ce_subject: one!.stream,
      ce_time: one!.eventTime,
      ce_dataschema: 'urn:lotline:event:LotHeld:2',
      'content-type': 'application/json',
    });
    expect(headers).not.toHaveProperty('lotline_after');
  });

  it('is a watermark without a value', () => {
    const { value, headers } = encodeWatermark(link('9'));
    expect(value).toBeNull();
    expect(isWatermark(sent(headers))).toBe(true);
    expect(decodeLink(sent(headers))).toEqual(link('9'));
  });

  it('says what keeps it from being read', () => {
    const [one] = fc.sample(event(fc.constant({ n: 1 })), { numRuns: 1, seed: 1 });
    const { headers, value } = encodeRecord(one!, 'k', link(one!.position));
    for (const name of Object.keys(headers)) {
      if (['ce_dataschema', 'content-type', 'traceparent', 'lotline_commandid', 'lotline_causationid'].includes(name))
        continue;
      const { [name]: _, ...rest } = sent(headers);
      expect(() => [decodeLink(rest), decodeRecord(rest, value)]).toThrow(`header ${name} is missing`);
    }
    expect(() => decodeRecord(sent(headers), Buffer.from('{"n":'))).toThrow(UndecodableRecord);
    expect(() => decodeRecord(sent(headers), null)).toThrow('the value is missing');
    expect(() => decodeLink(sent({ ...headers, lotline_epoch: 'x' }))).toThrow('lotline_epoch is no whole number');
  });
});
