import type { RecordedEvent } from '#contracts';
import { applyDecision } from './apply-decision.js';
import { applyFacts, type Parking } from './apply-facts.js';
import type { Applying } from './applying.js';
import { isDecision } from './wanted.js';

/**
 * Takes a batch in log order, with what operators said between the events at its own place in the order, so that a rebuild
 * does the same at the same place.
 * @param events wanted by the projector and of versions it knows (`wantedOf`).
 * @returns what was parked.
 */
export const applyEvents = async (applying: Applying, events: readonly RecordedEvent[]): Promise<Parking[]> => {
  const parkings: Parking[] = [];
  let facts: RecordedEvent[] = [];
  for (const event of events) {
    if (!isDecision(event)) {
      facts.push(event);
      continue;
    }
    parkings.push(...(await applyFacts(applying, facts)));
    facts = [];
    await applyDecision(applying, event);
  }
  parkings.push(...(await applyFacts(applying, facts)));
  return parkings;
};
