import { readFileSync } from 'node:fs';
import type { RecordedEvent } from '#contracts';
import { canonicalId, uuidFromName } from '#kernel';

/** Position of the n-th event, as the PostgreSQL log writes it. */
export const positionOf = (n: number): string => String(n).padStart(16, '0');

export type Unrecorded = Pick<RecordedEvent, 'id' | 'type' | 'eventTime' | 'data'>;

/** Events as a log would have recorded them in this order: positions and record times follow from the place in the list. */
export const recorded = (events: readonly Unrecorded[], first = 1): RecordedEvent[] =>
  events.map((event, i) => ({
    ...event,
    schemaVersion: 1,
    meta: { source: 'urn:test:reporter', actor: 'test', correlationId: 'c' },
    stream: `s-${event.id}`,
    revision: 0,
    position: positionOf(first + i),
    recordTime: new Date(Date.UTC(2026, 0, 1) + (first + i) * 1000).toISOString(),
  }));

interface Document {
  creationDate: string;
  epcisHeader: { epcisMasterData: { vocabularyList: { type: string; vocabularyElementList: Element[] }[] } };
  epcisBody: { eventList: { eventID: string; eventTime: string }[] };
}
interface Element {
  id: string;
  attributes: { id: string; attribute: unknown }[];
}

const KINDS: Record<string, string> = { epcclass: 'item', location: 'place', party: 'party' };

/** Events and master data of the seafood document, in its own order. */
export const seafood = (): { masterData: Unrecorded[]; events: Unrecorded[] } => {
  const document = JSON.parse(readFileSync('examples/seafood-gdst.epcis.jsonld', 'utf8')) as Document;
  return {
    masterData: document.epcisHeader.epcisMasterData.vocabularyList.flatMap(({ type, vocabularyElementList }) =>
      vocabularyElementList.map((element) => ({
        id: uuidFromName(`master data:${element.id}`),
        type: 'MasterDataCaptured',
        eventTime: document.creationDate,
        data: {
          kind: KINDS[type.replace(/^.*:/, '')] ?? 'other',
          id: canonicalId(element.id).id,
          statedId: element.id,
          vocabularyType: type,
          attributes: element.attributes,
          statedAt: document.creationDate,
        },
      })),
    ),
    events: document.epcisBody.eventList.map((event) => ({
      id: uuidFromName(`fact:${event.eventID}`),
      type: 'EpcisEventCaptured',
      eventTime: event.eventTime,
      data: { eventId: event.eventID, declaration: false, event, prefixes: {} },
    })),
  };
};
