import {
  type EventDefinition,
  ExpiryAlertRaised,
  expiryAlertId,
  expiryAlertStream,
  NoticeIssued,
  type RecordedEvent,
} from '#contracts';
import { uuidFromName } from '#kernel';
import { encodeRecord, encodeWatermark } from '../kafka/record-format.js';

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });

/** Alerts as they may look in full. */
const SAMPLES: Readonly<Record<string, Pick<RecordedEvent, 'id' | 'stream' | 'meta'>>> = {
  [NoticeIssued.type]: {
    id: uuidFromName('sample notice'),
    stream: `recall-${NoticeIssued.sample.case}`,
    meta: { source: 'lotline/recalls', actor: 'system:recalls', correlationId: '8c9f5e0a-6b7e-4a39-9a61-0d9a3f2b7c55' },
  },
  [ExpiryAlertRaised.type]: (() => {
    const { lot, date, on, lead, site = null } = ExpiryAlertRaised.sample;
    const id = expiryAlertId({ lot, date, on, lead, site });
    const meta = { source: 'lotline/expiry', actor: 'system:expiry-alerts', correlationId: id };
    return { id, stream: expiryAlertStream(lot), meta };
  })(),
};

/** The golden sample of an alert as the log would have recorded it. */
export const sampleAlert = (event: EventDefinition): RecordedEvent => {
  const own = SAMPLES[event.type];
  if (!own) throw new Error(`${event.type} is no alert: there is no sample of its record`);
  return {
    ...own,
    type: event.type,
    schemaVersion: event.version,
    eventTime: '2026-05-03T00:00:01.000+02:00',
    data: event.sample,
    revision: 4,
    position: '0000000000000413',
    recordTime: '2026-05-02T22:00:01.204Z',
  };
};

const headersOf = ({ type, version }: EventDefinition, ...schemas: string[]) => ({
  type: 'object',
  allOf: [
    ...schemas.map(ref),
    {
      properties: {
        ce_type: { const: type },
        ce_dataschema: { const: `urn:lotline:event:${type}:${version}` },
        lotline_schemaversion: { const: String(version) },
      },
    },
  ],
});

const messageOf = (event: EventDefinition) => ({
  name: event.type,
  title: `${event.type}, version ${event.version}`,
  summary: event.summary,
  contentType: 'application/json',
});

/** The event as a record of its log topic. */
export const logMessage = (event: EventDefinition) => ({
  ...messageOf(event),
  headers: headersOf(event, 'EventHeaders', 'ChainHeaders'),
  payload: ref(event.type),
  examples: [{ name: 'sample', payload: event.sample }],
});

/** The same event as others subscribe to it. */
export const alertMessage = (event: EventDefinition) => ({
  ...messageOf(event),
  headers: headersOf(event, 'EventHeaders'),
  payload: ref(event.type),
  examples: [{ name: 'sample', headers: encodeRecord(sampleAlert(event), '').headers, payload: event.sample }],
});

/** An alert that no broker would take. */
export const omittedMessage = (event: EventDefinition) => ({
  name: `${event.type}Omitted`,
  title: `${event.type}, its data left out`,
  summary: 'An alert whose data is too large for a record; the API has it. It counts as the alert of its id.',
  contentType: 'application/json',
  headers: headersOf(event, 'OmittedHeaders'),
  payload: { type: 'null', description: 'No value.' },
});

export const watermarkMessage = {
  name: 'Watermark',
  summary: 'No event: how far the log is published. After each publication, and every second while nothing happens.',
  headers: { type: 'object', allOf: [ref('WatermarkHeaders')] },
  payload: { type: 'null', description: 'No value.' },
  examples: [
    {
      name: 'sample',
      headers: encodeWatermark({
        after: '0000000000000409',
        position: '0000000000000413',
        log: { logId: 'c7a1f7de-52a4-4d4c-8f0e-6a1f0ce2f2a7', epoch: 1 },
        partitions: 12,
      }).headers,
    },
  ],
};
