import { canonicalEventId } from '../epcis/canonical-event.js';

const GLOBAL = /^(urn|https?|ni|tag):\S+$/i;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Canonical id of a native fact. CloudEvents make an event unique by `source` and `id` together: an id that is unique by
 * itself (a UUID, a URN, a Web address) stands alone, any other is scoped by its source.
 */
export const nativeEventId = (id: string, source: string): string => {
  if (UUID.test(id)) return `urn:uuid:${id.toLowerCase()}`;
  if (GLOBAL.test(id)) return canonicalEventId(id);
  return `urn:lotline:fact:${encodeURIComponent(source)}:${encodeURIComponent(id)}`;
};
