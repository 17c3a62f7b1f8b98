import type { IHeaders } from 'kafkajs';
import type { DeadLetter } from './lane-intake.js';
import type { OutgoingRecord } from './record-producer.js';

const HEADER_LIMIT = 1_000;

const single = (headers: IHeaders): Record<string, string | Buffer> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => {
      const last = Array.isArray(value) ? value.at(-1) : value;
      return last === undefined ? [] : [[name, last]];
    }),
  );

/** A dead letter as a record: key, value and headers as they came, where it stood and why it was not taken as headers. */
export const deadLetterRecord = (
  { topic, message, reason }: DeadLetter,
  about: { deadLetters: string; partition: number; group: string },
): OutgoingRecord => ({
  topic: about.deadLetters,
  key: message.key,
  value: message.value,
  headers: {
    ...single(message.headers ?? {}),
    lotline_dead_reason: reason.slice(0, HEADER_LIMIT),
    lotline_dead_topic: topic,
    lotline_dead_partition: String(about.partition),
    lotline_dead_offset: message.offset,
    lotline_dead_group: about.group,
  },
});
