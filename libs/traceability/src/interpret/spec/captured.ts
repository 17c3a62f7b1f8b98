import type { RecordedEvent } from '#contracts';

/** An EPCIS event as the capture door records it, with id `urn:uuid:spec`. */
export const epcisEvent = (event: Record<string, unknown>, prefixes: Record<string, string> = {}): RecordedEvent => ({
  id: '0d6c5f3e-2b8f-4b6e-9e0c-0a4a4b1f2c11',
  type: 'EpcisEventCaptured',
  schemaVersion: 1,
  eventTime: '2026-03-01T09:00:00+01:00',
  data: {
    eventId: 'urn:uuid:spec',
    declaration: false,
    event: { eventTime: '2026-03-01T09:00:00+01:00', ...event },
    prefixes,
  },
  meta: { source: 'spec', actor: 'spec', correlationId: 'spec' },
  stream: 'fact-spec',
  revision: 0,
  position: '0000000000000001',
  recordTime: '2026-03-01T08:00:01.000Z',
});
