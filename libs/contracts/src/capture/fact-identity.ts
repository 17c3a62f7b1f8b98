import { uuidFromName } from '#kernel';

/** Each fact, with its corrections, is a stream of its own. @param eventId canonical. */
export const factStream = (eventId: string): string => `fact-${eventId}`;

/** Id in the log of the fact with this canonical id: the same however often it is sent. */
export const factLogId = (eventId: string): string => uuidFromName(`fact:${eventId}`);

/** Id in the log of the error declaration that voids the EPCIS event of this id. */
export const declarationLogId = (eventId: string): string => uuidFromName(`declaration:${eventId}`);

/** Master data of one element stand in one stream. @param id canonical id of the element. */
export const masterDataStream = (id: string): string => `masterdata-${id}`;
