import { type EventMeta, MasterDataCaptured, type MasterDataElement, masterDataStream } from '#contracts';
import { contentHash, uuidFromName } from '#kernel';
import type { NewFact } from './new-fact.js';

/** One vocabulary element; its id follows from what it says and when, so that a resent header changes nothing. */
export const prepareMasterData = (element: MasterDataElement, meta: EventMeta, captureId?: string): NewFact => {
  const contentKey = contentHash(element);
  return {
    eventId: element.id,
    stream: masterDataStream(element.id),
    idField: '/id',
    expected: 'any',
    event: {
      id: uuidFromName(`masterdata:${contentKey}`),
      type: MasterDataCaptured.type,
      schemaVersion: MasterDataCaptured.version,
      eventTime: element.statedAt,
      data: { ...element, ...(captureId !== undefined && { captureId }) },
      meta,
      contentKey,
    },
  };
};
