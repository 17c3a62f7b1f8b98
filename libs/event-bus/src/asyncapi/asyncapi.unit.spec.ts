import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import specs from '@asyncapi/specs';
import { Ajv, type Options, type SchemaObject } from 'ajv';
import formats from 'ajv-formats';
import { parse } from 'yaml';
import {
  alertTopicOf,
  type EventDefinition,
  eventsOn,
  logTopics,
  nativeFacts,
  readCloudEvent,
  type RecordedEvent,
  topicOf,
  topics,
} from '#contracts';
import { uuidFromName } from '#kernel';
import { deadLetterRecord } from '../kafka/dead-letters.js';
import { encodeOmitted, encodeRecord, encodeWatermark, type EncodedRecord } from '../kafka/record-format.js';
import { ASYNCAPI_FILE, asyncapiFile } from './asyncapi-file.js';

const text = readFileSync(ASYNCAPI_FILE, 'utf8');
const document = parse(text, { maxAliasCount: 0 });
const allEvents = logTopics.flatMap(eventsOn);

const newAjv = (options: Options = {}): Ajv => {
  const ajv = new Ajv({ strict: false, allErrors: true, ...options });
  formats.default(ajv);
  return ajv;
};
// It brings the meta-schema of JSON Schema along, which Ajv would bring, too.
const asyncapi3 = newAjv({ meta: false, validateSchema: false }).compile(specs.schemas['3.0.0'] as SchemaObject);
const documented = newAjv().addSchema(document, 'asyncapi');

const at = (pointer: string): any =>
  pointer
    .slice(2)
    .split('/')
    .reduce((value, name) => value?.[name.replaceAll('~1', '/').replaceAll('~0', '~')], document);

const problemsOf = (pointer: string, value: unknown): string[] => {
  const validate = documented.getSchema(`asyncapi${pointer}`);
  if (!validate) throw new Error(`there is no schema at ${pointer}`);
  return validate(value) ? [] : (validate.errors ?? []).map((e) => `${e.instancePath} ${e.message ?? ''}`);
};

/** Where the message of a channel is described. */
const messageAt = (topic: string, name: string): string => {
  const reference: unknown = document.channels[topic]?.messages?.[name]?.$ref;
  if (typeof reference !== 'string') throw new Error(`${name} is not on ${topic}`);
  return reference;
};

/** The names of all headers that the schema of a message mentions. */
const headersIn = (schema: any): string[] =>
  schema.$ref
    ? headersIn(at(schema.$ref))
    : [...Object.keys(schema.properties ?? {}), ...(schema.allOf ?? []).flatMap(headersIn)];

/** What a consumer sees of a record, held against what is written of it; a header that is not described is one too many. */
const compare = (pointer: string, { headers, value }: Pick<EncodedRecord, 'headers' | 'value'>): string[] => [
  ...problemsOf(`${pointer}/headers`, headers),
  ...problemsOf(`${pointer}/payload`, value === null ? null : JSON.parse(value.toString())),
  ...Object.keys(headers)
    .filter((name) => !headersIn(at(pointer).headers).includes(name))
    .map((name) => `${name} is not described`),
];

const FULL = {
  commandId: 'c-1',
  causationId: 'e-0',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
};
const recorded = ({ type, version, sample }: EventDefinition, more = {}): RecordedEvent => ({
  id: uuidFromName(type),
  type,
  schemaVersion: version,
  eventTime: '2026-03-31T09:00:00.000+02:00',
  data: sample,
  meta: { source: 'urn:example:system:mes', actor: 'system:test', correlationId: 'c-1', ...more },
  stream: 'stream-1',
  revision: 0,
  position: '0000000000000002',
  recordTime: '2026-03-31T07:00:01.000Z',
});
const link = (after: string) => ({
  after,
  position: '0000000000000002',
  log: { logId: 'a1', epoch: 1 },
  partitions: 12,
});

describe('docs/asyncapi.yaml', () => {
  it('is what the contracts say (npm run docs:contracts)', () => {
    expect(text).toBe(asyncapiFile());
  });

  it('is AsyncAPI 3', () => {
    asyncapi3(document);
    expect(asyncapi3.errors ?? []).toEqual([]);
    const broken = structuredClone(document);
    broken.operations.publishProduction.action = 'publish';
    expect(asyncapi3(broken)).toBe(false);
  });

  it('refers to nothing that is not there', () => {
    const references = [...text.matchAll(/\$ref: "(#[^"]+)"/g)].map(([, pointer]) => pointer!);
    expect(references.length).toBeGreaterThan(200);
    expect(references.filter((pointer) => at(pointer) === undefined)).toEqual([]);
  });

  it('has every topic, with one operation on each', () => {
    expect(Object.keys(document.channels)).toEqual(topics.map(({ name }) => name));
    expect(Object.values<any>(document.operations).map(({ action, channel }) => [action, channel.$ref])).toEqual(
      topics.map(({ name, direction }) => [direction === 'way-in' ? 'receive' : 'send', `#/channels/${name}`]),
    );
    for (const topic of topics) {
      const { address, bindings } = document.channels[topic.name];
      expect(address).toBe(`{prefix}.${topic.name}`);
      expect(bindings.kafka.topicConfiguration['retention.ms']).toBeGreaterThanOrEqual(
        topic.retention.days * 86_400_000,
      );
    }
  });

  it('has examples that follow their schemas', () => {
    const examples = Object.entries<any>(document.components.messages).flatMap(([name, { examples = [] }]) =>
      examples.map((example: any) => [name, example]),
    );
    expect(examples.length).toBeGreaterThan(allEvents.length);
    for (const [name, { headers, payload }] of examples) {
      const pointer = `#/components/messages/${name}`;
      if (payload !== undefined) expect([name, problemsOf(`${pointer}/payload`, payload)]).toEqual([name, []]);
      if (headers !== undefined) expect([name, problemsOf(`${pointer}/headers`, headers)]).toEqual([name, []]);
    }
  });
});

describe('what is written to Kafka is as docs/asyncapi.yaml says', () => {
  it.each(allEvents.map((event) => [event.type, event] as const))('%s on its log topic', (type, event) => {
    const pointer = messageAt(topicOf(event).name, type);
    for (const [meta, after] of [
      [{}, ''],
      [FULL, '0000000000000001'],
    ] as const)
      expect(compare(pointer, encodeRecord(recorded(event, meta), 'k', link(after)))).toEqual([]);
  });

  it.each(allEvents.filter(alertTopicOf).map((event) => [event.type, event] as const))(
    '%s on its alert topic',
    (type, event) => {
      const pointer = messageAt(alertTopicOf(event)!.name, `${type}Alert`);
      for (const meta of [{}, FULL]) expect(compare(pointer, encodeRecord(recorded(event, meta), 'k'))).toEqual([]);
    },
  );

  it('an alert that is too large', () => {
    for (const event of allEvents.filter(alertTopicOf)) {
      const pointer = messageAt(alertTopicOf(event)!.name, `${event.type}Omitted`);
      expect(compare(pointer, encodeOmitted(recorded(event, FULL), 'k', 2_000_000))).toEqual([]);
      expect(compare(pointer, encodeRecord(recorded(event, FULL), 'k'))).not.toEqual([]);
    }
  });

  it('a watermark', () => {
    for (const topic of logTopics)
      expect(compare(messageAt(topic.name, 'Watermark'), encodeWatermark(link('')))).toEqual([]);
  });

  it('a dead letter, whose other headers are as they came', () => {
    const message = { key: null, value: Buffer.from('{}'), offset: '7', headers: { other: 'x' } };
    const { headers = {} } = deadLetterRecord(
      { topic: 'lotline.facts.v1', message: message as never, reason: 'header ce_id is missing' },
      { deadLetters: 'lotline.dead-letters.v1', partition: 3, group: 'lotline.genealogy_v1' },
    );
    const pointer = messageAt('dead-letters.v1', 'DeadLetter');
    expect(problemsOf(`${pointer}/headers`, headers)).toEqual([]);
    expect(Object.keys(headers).sort()).toEqual([...headersIn(at(pointer).headers), 'other'].sort());
  });

  it('and nothing else would pass: each header that must be there, another type, another version, other data', () => {
    const event = allEvents.find(({ type }) => type === 'NoticeIssued')!;
    const pointer = messageAt('recalls.v1', 'NoticeIssued');
    const { headers, value } = encodeRecord(recorded(event), 'k', link(''));
    for (const name of Object.keys(headers)) {
      const { [name]: _, ...rest } = headers;
      expect([name, compare(pointer, { headers: rest, value })]).not.toEqual([name, []]);
    }
    for (const [name, other] of Object.entries({
      ce_type: 'LotHeld',
      ce_dataschema: 'urn:lotline:event:NoticeIssued:99',
      ce_specversion: '0.3',
      lotline_invented: 'x',
    }))
      expect([name, compare(pointer, { headers: { ...headers, [name]: other }, value })]).not.toEqual([name, []]);
    expect(compare(pointer, { headers, value: Buffer.from('{"notice":1}') })).not.toEqual([]);
  });
});

describe('what may be written to the way in', () => {
  const takes = (message: string, value: unknown): string[] =>
    problemsOf(`${messageAt('capture.v1', message)}/payload`, value);
  const takesHeaders = (headers: object): string[] =>
    problemsOf(`${messageAt('capture.v1', 'BinaryCloudEvent')}/headers`, headers);

  it('is what the examples of the product are', () => {
    const facts = JSON.parse(readFileSync('examples/dairy.cloudevents.json', 'utf8'));
    for (const fact of facts) expect([fact.id, takes('CloudEvent', fact)]).toEqual([fact.id, []]);
    const seafood = JSON.parse(readFileSync('examples/seafood-gdst.epcis.jsonld', 'utf8'));
    expect(takes('EpcisDocument', seafood)).toEqual([]);
    for (const event of seafood.epcisBody.eventList)
      expect([event.eventID, takes('EpcisEvent', event)]).toEqual([event.eventID, []]);
  });

  it.each(nativeFacts.map((fact) => [fact.type, fact as EventDefinition] as const))(
    '%s as it is captured',
    (type, fact) => {
      const { eventId, ...data } = fact.sample as Record<string, unknown>;
      const event = {
        specversion: '1.0',
        id: 'a-1',
        source: 'urn:example:mes',
        type,
        time: '2026-03-02T06:30:00Z',
        data,
      };
      expect(takes('BinaryCloudEvent', data)).toEqual([]);
      const attributes = Object.entries(event).filter(([name]) => name !== 'data');
      expect(takesHeaders(Object.fromEntries(attributes.map(([name, value]) => [`ce_${name}`, value])))).toEqual([]);
      expect([takes('CloudEvent', event), readCloudEvent(event)]).toEqual([[], { fact: expect.anything() }]);
      for (const bad of [
        { ...event, data: { ...data, eventId } },
        { ...event, type: 'Invented' },
        { ...event, time: 1 },
      ])
        expect([takes('CloudEvent', bad), readCloudEvent(bad)]).toEqual([
          expect.arrayContaining([expect.any(String)]),
          { problems: expect.anything() },
        ]);
    },
  );
});
