import { EPCIS_EVENT_TYPES, type EpcisDocument, epcisEventType, readEpcisDocument } from '#contracts';
import type { InboundRecord } from '#event-bus';
import { LotlineError, type Problem } from '#kernel';
import { parseBody } from '../../domain/parse-body.js';

/** What a record says, or why it cannot be read. */
export type ReadRecord =
  | { form: 'cloud-event' | 'epcis-event'; value: unknown }
  | {
      form: 'document';
      document: EpcisDocument;
      /** Verbatim. */
      context: unknown;
      sender?: string;
    }
  | { form: 'unreadable'; problems: Problem[] };

type Headers = InboundRecord['headers'];

const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json$/;
const STRUCTURED = 'application/cloudevents+json';
const BATCH = 'application/cloudevents-batch+json';
const DOCUMENT_TYPE = /^(epcis:|https:\/\/ref\.gs1\.org\/epcis\/)?EPCIS(Query)?Document$/;

const utf8 = new TextDecoder('utf-8', { fatal: true });

const unreadable = (code: string, message: string, more: Omit<Problem, 'code' | 'message'> = {}): ReadRecord => ({
  form: 'unreadable',
  problems: [{ code, message, field: '', ...more }],
});

/**
 * Reads a record of the way in: one CloudEvent (in structured mode, or in binary mode by its `ce_` headers), one EPCIS event
 * or one EPCIS document. The content type decides where it tells the form, else the content. Nothing within an event is
 * looked at.
 */
export const readRecord = ({ value, headers }: Pick<InboundRecord, 'value' | 'headers'>): ReadRecord => {
  if (value === null || value.length === 0)
    return unreadable('empty', 'the record has no value', { expected: 'one event or one document' });
  const contentType = headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (contentType !== '' && !JSON_TYPE.test(contentType))
    return unreadable('unsupported-media-type', 'the record has a content type that is not read here', {
      field: 'content-type',
      found: contentType.slice(0, 200),
      expected: `${STRUCTURED}, application/ld+json or application/json`,
    });
  try {
    return formOf(parseBody(decoded(value)), contentType, headers);
  } catch (error) {
    if (!(error instanceof LotlineError)) throw error;
    const { code, message, problems } = error;
    return problems.length > 0 ? { form: 'unreadable', problems: [...problems] } : unreadable(code, message);
  }
};

const decoded = (value: Buffer): string => {
  try {
    return utf8.decode(value);
  } catch {
    throw new LotlineError('malformed', 'not-utf-8', 'the value is not valid UTF-8');
  }
};

const formOf = (value: unknown, contentType: string, headers: Headers): ReadRecord => {
  const isStructured = contentType === STRUCTURED;
  if (!isStructured && headers.ce_specversion !== undefined)
    return { form: 'cloud-event', value: fromBinaryMode(headers, value) };
  if (Array.isArray(value) || contentType === BATCH)
    return unreadable('wrong-form', 'a record holds one event or one document, not a list', {
      found: Array.isArray(value) ? `a list of ${value.length}` : contentType,
      expected: 'a record for each event',
    });
  if (value === null || typeof value !== 'object')
    return unreadable('wrong-type', 'an event is a JSON object', { expected: 'an object' });
  const members = value as Record<string, unknown>;
  if (isStructured || 'specversion' in members) return { form: 'cloud-event', value };
  const { type } = members;
  if ((typeof type === 'string' && DOCUMENT_TYPE.test(type)) || 'epcisBody' in members) return documentOf(members);
  if (
    epcisEventType(type) !== undefined ||
    ['eventTime', 'eventTimeZoneOffset', 'eventID'].some((name) => name in members)
  )
    return { form: 'epcis-event', value };
  return unreadable('unknown-form', 'the record is none of what this topic takes', {
    found: `an object with ${Object.keys(members).slice(0, 10).join(', ').slice(0, 200) || 'nothing in it'}`,
    expected: `a CloudEvent (specversion), an EPCISDocument, or an EPCIS event (type: ${EPCIS_EVENT_TYPES.join(', ')})`,
  });
};

/** CloudEvents 1.0, Kafka protocol binding, section 3.2: attributes are headers, the value is the data. */
const fromBinaryMode = (headers: Headers, data: unknown): unknown => ({
  ...Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (name.startsWith('ce_') ? [[name.slice(3), value]] : [])),
  ),
  ...(headers['content-type'] !== undefined && { datacontenttype: headers['content-type'] }),
  data,
});

const documentOf = (value: Record<string, unknown>): ReadRecord => {
  const read = readEpcisDocument(value);
  if ('problems' in read) return { form: 'unreadable', problems: read.problems };
  const { sender } = value;
  return {
    form: 'document',
    document: read.document,
    context: value['@context'],
    ...(typeof sender === 'string' && sender !== '' && { sender }),
  };
};
