import type { EventMeta } from '#contracts';
import { commandContext, eventMeta } from '#platform';

/** Who said it, for the facts of the request being handled. @param source the reporting system; default: the caller. */
export const requestMeta = (source?: string): EventMeta => {
  const context = commandContext();
  return eventMeta(context, source ?? context.actor);
};
