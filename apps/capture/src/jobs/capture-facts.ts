import type { EventMeta } from '#contracts';
import type { EventLog } from '#event-log';
import type { Problem } from '#kernel';
import { idConflict, type NewFact, type Prepared } from '../domain/new-fact.js';
import { prepareCloudEvent } from '../domain/prepare-cloud-event.js';
import { type EpcisSource, prepareEpcisEvent } from '../domain/prepare-epcis-event.js';
import { recordFacts } from './record-facts.js';

/** One thing somebody sent, as `parseLossless` gave it. */
export type CaptureItem =
  | { kind: 'cloud-event'; value: unknown; meta: EventMeta }
  | { kind: 'epcis-event'; value: unknown; source: EpcisSource };

/** What became of one item. */
export type Captured =
  | { result: 'recorded' | 'duplicate'; eventId: string; position: string; recordTime: string }
  | { result: 'refused'; eventId?: string; conflict: boolean; problems: Problem[] };

/** In parts, so that others get their turn between them. */
const CHUNK = 1_000;

const prepare = (item: CaptureItem): Prepared =>
  item.kind === 'cloud-event' ? prepareCloudEvent(item.value, item.meta) : prepareEpcisEvent(item.value, item.source);

/**
 * The door for facts, whatever they came by (HTTP request, capture job, message): validates each item, records the good
 * ones, names what is wrong with the others. Once however often it is sent; never refused for a business reason.
 * @returns outcomes in the order of the items.
 */
export const captureFacts = async (log: EventLog, items: readonly CaptureItem[]): Promise<Captured[]> => {
  const captured: Captured[] = [];
  for (let from = 0; from < items.length; from += CHUNK)
    captured.push(...(await recordPrepared(log, items.slice(from, from + CHUNK).map(prepare))));
  return captured;
};

/** The same for items that are prepared already. */
export const recordPrepared = async (log: EventLog, prepared: readonly Prepared[]): Promise<Captured[]> => {
  const facts = prepared.flatMap((item): NewFact[] => ('fact' in item ? [item.fact] : []));
  const outcomes = (await recordFacts(log, facts)).values();
  return prepared.map((item): Captured => {
    if ('problems' in item)
      return {
        result: 'refused',
        ...(item.eventId !== undefined && { eventId: item.eventId }),
        conflict: false,
        problems: item.problems,
      };
    const { eventId } = item.fact;
    const outcome = outcomes.next().value;
    if (!outcome) throw new Error('a fact has no outcome');
    return outcome.result === 'conflict'
      ? {
          result: 'refused',
          eventId,
          conflict: true,
          problems: [idConflict(item.fact, `the event recorded at position ${outcome.position}`)],
        }
      : { eventId, ...outcome };
  });
};
