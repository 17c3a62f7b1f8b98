import type { Story } from './act.js';
import { expiryStory } from './expiry-story.js';
import { factStory } from './fact-story.js';
import { randomOf } from '#simulator';
import { recallStory } from './recall-story.js';
import { stockStory } from './stock-story.js';

/** What the client does in its round: a pure function of the seed, however many rounds a run takes. */
export const storyOf = (seed: number, client: number, round: number): Story => {
  // Short: it is part of lot codes, which have 20 characters at most.
  const name = `${String.fromCharCode(97 + (client % 26))}${client >= 26 ? Math.floor(client / 26) : ''}${round}`;
  const draw = randomOf(seed, 'story', name).next();
  if (draw < 0.42) return factStory(seed, name);
  if (draw < 0.84) return stockStory(seed, name);
  if (draw < 0.92) return expiryStory(seed, name);
  return recallStory(seed, name);
};
