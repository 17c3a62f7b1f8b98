import type { InboundRecord } from '#event-bus';
import type { Prepared } from '../../domain/new-fact.js';
import { prepareCloudEvent } from '../../domain/prepare-cloud-event.js';
import { prepareEpcisEvent } from '../../domain/prepare-epcis-event.js';
import { prepareMasterData } from '../../domain/prepare-master-data.js';
import { readRecord, type ReadRecord } from './read-record.js';
import { recordMeta } from './record-meta.js';
import type { Refusal } from './refused-record.js';

/** One thing of a record, made ready when its turn comes. */
export interface Item {
  record: InboundRecord;
  event?: Refusal['event'];
  prepare: () => Prepared;
}

/** Told of errors that should not be. */
export type OnDefect = (error: unknown, record: InboundRecord) => void;

/**
 * Everything that records hold, in order, in chunks of at most so many; each record is read as its turn comes. Nothing throws:
 * what fails at a record would fail at it every time, so that it is refused and told to `onDefect`.
 */
export function* chunksOf(records: readonly InboundRecord[], size: number, onDefect: OnDefect): Generator<Item[]> {
  let chunk: Item[] = [];
  for (const record of records)
    for (const item of itemsOf(record, onDefect)) {
      chunk.push({ ...item, prepare: () => orDefect(record, onDefect, item.prepare) });
      if (chunk.length < size) continue;
      yield chunk;
      chunk = [];
    }
  if (chunk.length > 0) yield chunk;
}

const itemsOf = (record: InboundRecord, onDefect: OnDefect): Iterable<Item> => {
  const read = orDefect<ReadRecord>(record, onDefect, () => readRecord(record));
  return read.form === 'document' ? itemsOfDocument(read, record) : [{ record, prepare: () => prepared(read, record) }];
};

const prepared = (read: Exclude<ReadRecord, { form: 'document' }>, record: InboundRecord): Prepared => {
  if (read.form === 'unreadable') return { problems: read.problems };
  const meta = recordMeta(record);
  return read.form === 'cloud-event'
    ? prepareCloudEvent(read.value, meta)
    : prepareEpcisEvent(read.value, { context: { prefixes: {}, contexts: [] }, meta });
};

function* itemsOfDocument(
  { document, context, sender }: Extract<ReadRecord, { form: 'document' }>,
  record: InboundRecord,
): Generator<Item> {
  const meta = recordMeta(record, sender);
  for (const element of document.masterData)
    yield { record, prepare: () => ({ fact: prepareMasterData(element, meta) }) };
  for (const [index, value] of document.events.entries())
    yield {
      record,
      event: { index, value, context },
      prepare: () => prepareEpcisEvent(value, { context: document.context, meta }),
    };
}

const orDefect = <T>(record: InboundRecord, onDefect: OnDefect, work: () => T) => {
  try {
    return work();
  } catch (error) {
    onDefect(error, record);
    const message = `it could not be worked on: ${String(error).slice(0, 500)}`;
    return { form: 'unreadable' as const, problems: [{ code: 'defect', message, field: '' }] };
  }
};
