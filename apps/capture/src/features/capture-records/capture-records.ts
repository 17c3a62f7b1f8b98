import { setImmediate as others } from 'node:timers/promises';
import type { InboundRecord } from '#event-bus';
import type { EventLog } from '#event-log';
import type { Problem } from '#kernel';
import type { Records } from '#platform';
import type { Captured } from '../../jobs/capture-facts.js';
import { recordWhatCanBe } from './record-what-can-be.js';
import { chunksOf, type Item, type OnDefect } from './record-items.js';
import { type Refusal, refusedRecord } from './refused-record.js';
import { sendRefused } from './send-refused.js';

export interface RecordTools {
  log: EventLog;
  records: Pick<Records, 'send'>;
  /** Told of errors that should not be: what caused them is refused, so that it keeps nothing else back. */
  onDefect: OnDefect;
}

/** What became of a batch of records. */
export interface RecordsCaptured {
  recorded: number;
  duplicates: number;
  /** Records, and events of documents, that were not taken, by the code of their first problem. */
  refused: ReadonlyMap<string, number>;
}

/** Events appended at once, of however many records. */
const CHUNK = 1_000;
/** Of one document; where more are refused, the document is put aside as a whole. */
const MOST_REFUSALS = 1_000;

/**
 * Takes records of one partition in, in order: records what is good with few appends, and puts what is not on the topic of
 * refused records. Doing it twice records nothing twice and refuses under the same ids.
 * @returns once all of it is done for good, so that the records may be confirmed.
 * @throws what the log or the broker rejects with while they are away: the same records have to come again.
 */
export const captureRecords = async (
  { log, records, onDefect }: RecordTools,
  inbound: readonly InboundRecord[],
): Promise<RecordsCaptured> => {
  const counts = { recorded: 0, duplicates: 0 };
  const refused = new Map<string, number>();
  const refusals = new Map<InboundRecord, { count: number; first: Refusal[] }>();
  const refuse = (refusal: Refusal): void => {
    const code = refusal.problems[0]?.code ?? '';
    refused.set(code, (refused.get(code) ?? 0) + 1);
    const own = refusals.get(refusal.record) ?? { count: 0, first: [] };
    refusals.set(refusal.record, own);
    own.count += 1;
    if (own.first.length < MOST_REFUSALS) own.first.push(refusal);
  };
  for (const chunk of chunksOf(inbound, CHUNK, onDefect)) {
    const captured = await recordWhatCanBe(
      log,
      chunk.map(({ prepare }) => prepare()),
    );
    for (const [i, outcome] of captured.entries()) {
      const item = chunk[i];
      if (!item) throw new Error('there are more outcomes than items');
      if (outcome.result === 'refused') refuse(refusalOf(item, outcome));
      else counts[outcome.result === 'recorded' ? 'recorded' : 'duplicates'] += 1;
    }
    await others();
  }
  const toTell = [...refusals].flatMap(([record, { count, first }]) =>
    count > first.length ? [asWhole(record, count, first)] : first,
  );
  await sendRefused(records, toTell.map(refusedRecord));
  return { ...counts, refused };
};

const refusalOf = ({ record, event }: Item, outcome: Extract<Captured, { result: 'refused' }>): Refusal => {
  const { eventId } = outcome;
  return {
    record,
    problems: outcome.problems.map((problem) => located(problem, event?.index, eventId)),
    ...(eventId !== undefined && { eventId }),
    ...(event && { event }),
  };
};

const located = (problem: Problem, index: number | undefined, id: string | undefined): Problem => ({
  ...(index !== undefined && { index }),
  ...(id !== undefined && { id }),
  ...problem,
});

const asWhole = (record: InboundRecord, count: number, first: readonly Refusal[]): Refusal => {
  const message = `${count} events of the document were refused, the others were taken; the document stands here as a whole`;
  return {
    record,
    problems: [{ code: 'too-many-refused', message, field: '' }, ...first.flatMap(({ problems }) => problems)],
  };
};
