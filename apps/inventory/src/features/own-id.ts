import { uuidFromName } from '#kernel';
import type { CommandContext } from '#platform';

/** The id the caller gave, else one that a retry of the same command gets again. */
export const ownIdOf = (context: CommandContext, given: string | undefined, what = ''): string =>
  given ?? uuidFromName(`own-id:${context.eventSeed}:${what}`);
