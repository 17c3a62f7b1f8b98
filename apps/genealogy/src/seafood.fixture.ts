import { readFileSync } from 'node:fs';
import { epcisEventId, type EpcisEvent, readEpcisDocument } from '#contracts';
import type { EventLog } from '#event-log';
import { uuidFromName } from '#kernel';

/** Records the seafood example of GDST as capture does. */
export const recordSeafood = async (log: EventLog): Promise<void> => {
  const read = readEpcisDocument(JSON.parse(readFileSync('examples/seafood-gdst.epcis.jsonld', 'utf8')));
  if ('problems' in read) throw new Error(JSON.stringify(read.problems));
  const { masterData, events, context } = read.document;
  const meta = { source: 'urn:test', actor: 'test', correlationId: 'test' };
  await log.append([
    ...masterData.map((element) => ({
      stream: `master-${element.id}`,
      expected: 'any' as const,
      events: [
        {
          ...{ id: uuidFromName(`master ${element.id}`), type: 'MasterDataCaptured', schemaVersion: 1, meta },
          ...{ eventTime: element.statedAt, data: element },
        },
      ],
    })),
    ...(events as EpcisEvent[]).map((event) => {
      const eventId = epcisEventId(event, context.prefixes);
      const data = { eventId, declaration: false, event, prefixes: context.prefixes };
      return {
        stream: `fact-${eventId}`,
        expected: 'any' as const,
        events: [
          {
            ...{ id: uuidFromName(`fact:${eventId}`), type: 'EpcisEventCaptured', schemaVersion: 1, meta },
            ...{ eventTime: String(event.eventTime), data },
          },
        ],
      };
    }),
  ]);
};
