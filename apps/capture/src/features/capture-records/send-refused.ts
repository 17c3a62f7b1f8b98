import { LotlineError } from '#kernel';
import type { OutgoingRecord, Records } from '#platform';
import { sizeOf, withoutContent } from './refused-record.js';

/** The broker's bound is on what is sent together, not on the single record. */
const MOST_BYTES = 512 * 1024;

const isTooLarge = (error: unknown): boolean => error instanceof LotlineError && error.kind === 'too-large';

/** In order; no part is larger than MOST_BYTES, but for a single record that is. */
const inParts = (records: readonly OutgoingRecord[]): OutgoingRecord[][] => {
  const parts: OutgoingRecord[][] = [];
  let room = 0;
  for (const record of records) {
    room -= sizeOf(record);
    const last = parts.at(-1);
    if (last && room >= 0) last.push(record);
    else {
      parts.push([record]);
      room = MOST_BYTES - sizeOf(record);
    }
  }
  return parts;
};

/**
 * Writes refused records. One that the topic has no room for is told of without its content: it must not keep back what comes
 * after it.
 * @throws LotlineError `unavailable`: any of them may be there nonetheless.
 */
export const sendRefused = async (
  records: Pick<Records, 'send'>,
  refused: readonly OutgoingRecord[],
): Promise<void> => {
  for (const part of inParts(refused)) {
    try {
      await records.send(part);
    } catch (error) {
      if (!isTooLarge(error)) throw error;
      for (const one of part) await sendAlone(records, one);
    }
  }
};

const sendAlone = async (records: Pick<Records, 'send'>, one: OutgoingRecord): Promise<void> => {
  try {
    await records.send([one]);
  } catch (error) {
    if (!isTooLarge(error)) throw error;
    await records.send([withoutContent(one)]);
  }
};
