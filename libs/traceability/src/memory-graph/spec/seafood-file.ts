import { readFileSync } from 'node:fs';
import { epcisEventId, readEpcisDocument, type EpcisEvent, type RecordedEvent } from '#contracts';
import { uuidFromName } from '#kernel';
import { interpret } from '../../interpret/index.js';
import type { Happening } from '../../happening.js';
import { masterDataEntries, masterDataOf, type MasterDataState } from '../../master-data/index.js';

const FILE = new URL('../../../../../examples/seafood-gdst.epcis.jsonld', import.meta.url);
const GDST = 'urn:gdst:example.org';

export const lots = {
  feed: `${GDST}:product:lot:class:feedmill.1u.ff11252021`,
  hatchery: `${GDST}:product:lot:class:hatchery.1u.tf12012021`,
  farmed: `${GDST}:product:lot:class:fishfarm.1u.farmed-tuna-01192022`,
  fisherman: `${GDST}:product:lot:class:fisherman01.tunau.v1-0122-2022`,
  commingle: `${GDST}:product:lot:class:processor.10u.commingle-01232022`,
  cans: `${GDST}:product:lot:class:processor.2u.v1-0122-2022`,
};
export const sscc = 'urn:epc:id:sscc:08600031303.0004';
export const party = (name: string): string => `${GDST}:party:${name}`;
export const place = (name: string): string => `${GDST}:location:loc:${name}`;

const recorded = (type: string, id: string, eventTime: string, data: unknown, position: number): RecordedEvent => ({
  id,
  type,
  schemaVersion: 1,
  eventTime,
  data,
  meta: { source: 'spec', actor: 'spec', correlationId: 'spec' },
  stream: id,
  revision: 0,
  position: String(position).padStart(16, '0'),
  recordTime: '2026-01-01T00:00:00.000Z',
});

/** The example as the capture door records it: master data first, then its 17 events. */
export const seafoodEvents = (): RecordedEvent[] => {
  const read = readEpcisDocument(JSON.parse(readFileSync(FILE, 'utf8')));
  if ('problems' in read) throw new Error(JSON.stringify(read.problems));
  const { document } = read;
  const { prefixes } = document.context;
  return [
    ...document.masterData.map((element, i) =>
      recorded('MasterDataCaptured', uuidFromName(`master data ${element.id}`), element.statedAt, element, i),
    ),
    ...(document.events as EpcisEvent[]).map((event, i) => {
      const eventId = epcisEventId(event, prefixes);
      return recorded(
        'EpcisEventCaptured',
        uuidFromName(`fact:${eventId}`),
        String(event.eventTime),
        { eventId, declaration: false, event, prefixes },
        1000 + i,
      );
    }),
  ];
};

export const seafoodHappenings = (): Happening[] => seafoodEvents().flatMap(interpret);
export const seafoodMaster = (): MasterDataState => masterDataOf(seafoodEvents().flatMap(masterDataEntries));
