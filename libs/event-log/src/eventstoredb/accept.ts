import { malformed } from '#kernel';
import type { AcceptedAppend } from '../accept-append.js';

/** @throws LotlineError `append-malformed` where EventStoreDB would take an event for one of its own. */
export const acceptForEventStore = ({ events }: AcceptedAppend): void => {
  for (const { type } of events)
    if (type.startsWith('$'))
      throw malformed('append-malformed', `type ${JSON.stringify(type)} is one of the server's`);
};
