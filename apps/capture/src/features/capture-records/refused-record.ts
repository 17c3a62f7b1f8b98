import { REFUSED_TOPIC } from '#contracts';
import type { InboundRecord } from '#event-bus';
import type { Problem } from '#kernel';
import type { OutgoingRecord } from '#platform';
import { placeOf } from './record-meta.js';

/** A record that was not taken, or one event of the document it held. */
export interface Refusal {
  record: InboundRecord;
  problems: readonly Problem[];
  /** Canonical, where it could be read. */
  eventId?: string;
  /** Of an event of a document. */
  event?: { index: number; value: unknown; context: unknown };
}

const PREFIX = 'lotline_refused_';
const LONGEST_TEXT = 1_000;
/** The headers together stay far below the margin that the topic has over the way in. */
const LONGEST_PROBLEMS = 32 * 1024;
const LONGEST_CONTEXT = 8 * 1024;

/** As many problems as there is room for, the first ones. */
const problemsText = (problems: readonly Problem[]): string => {
  const texts: string[] = [];
  let room = LONGEST_PROBLEMS;
  for (const problem of problems) {
    const text = JSON.stringify(problem);
    room -= Buffer.byteLength(text) + 1;
    if (room < 0) break;
    texts.push(text);
  }
  return `[${texts.join(',')}]`;
};

/** What makes the prefixed names of an event mean something outside its document. */
const contextText = (context: unknown): string | undefined => {
  const text = JSON.stringify(context) as string | undefined;
  return text === undefined || Buffer.byteLength(text) > LONGEST_CONTEXT ? undefined : text;
};

const ownHeaders = ({ record, problems, eventId, event }: Refusal): Record<string, string | undefined> => {
  const [first] = problems;
  return {
    // The same however often it is written: a reader that has it already has it.
    id: event ? `${placeOf(record)}/${event.index}` : placeOf(record),
    code: first?.code,
    message: first?.message.slice(0, LONGEST_TEXT),
    field: first?.field?.slice(0, LONGEST_TEXT),
    problems: problemsText(problems),
    event: eventId?.slice(0, LONGEST_TEXT),
    topic: record.topic,
    partition: String(record.partition),
    offset: record.offset,
    index: event && String(event.index),
    context: event && contextText(event.context),
  };
};

const named = (headers: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[`${PREFIX}${name}`, value]])),
  );

/** Key, value and headers as they came, and why it was not taken; of an event of a document, that event. */
export const refusedRecord = (refusal: Refusal): OutgoingRecord => {
  const { record, event } = refusal;
  // Of a record that was refused before and sent again as it stood there, the new reasons count.
  const came = Object.entries(record.headers).filter(([name]) => !name.startsWith(PREFIX));
  return {
    topic: REFUSED_TOPIC.name,
    key: record.key,
    value: event ? JSON.stringify(event.value) : record.value,
    headers: { ...Object.fromEntries(came), ...named(ownHeaders(refusal)) },
  };
};

/** The same where the topic has no room for it: why, and where it stands on the way in for as long as that keeps it. */
export const withoutContent = (refused: OutgoingRecord): OutgoingRecord => {
  const own = Object.entries(refused.headers ?? {}).filter(
    ([name]) => name.startsWith(PREFIX) && !['problems', 'context'].includes(name.slice(PREFIX.length)),
  );
  return {
    topic: refused.topic,
    value: null,
    headers: {
      ...Object.fromEntries(own),
      ...named({ left_out: `${sizeOf(refused)} bytes: more than this topic takes` }),
    },
  };
};

/** Bytes of key, value and headers. */
export const sizeOf = ({ key, value, headers = {} }: OutgoingRecord): number =>
  Object.entries(headers).reduce(
    (sum, [name, text]) => sum + name.length + Buffer.byteLength(text) + 10,
    Buffer.byteLength(key ?? '') + Buffer.byteLength(value ?? '') + 100,
  );
