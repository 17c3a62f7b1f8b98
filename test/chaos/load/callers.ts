import { storyOf } from '../plan/plan.js';
import { createClient, type ClientOptions } from './client.js';

export interface CallersOptions extends ClientOptions {
  seed: number;
  clients: number;
  /** Clients begin no new story once it is true. */
  isEnough: () => boolean;
}

/** All clients at work, each on its own sequence of stories. Resolves when the last has come to the end of its story. */
export const callersAtWork = async (options: CallersOptions): Promise<{ stories: number }> => {
  let stories = 0;
  await Promise.all(
    Array.from({ length: options.clients }, async (_, client) => {
      const caller = createClient(options);
      for (let round = 0; !options.isEnough() && !options.signal.aborted; round++) {
        await caller.tell(storyOf(options.seed, client, round));
        stories += 1;
      }
    }),
  );
  return { stories };
};
