import { createHash } from 'node:crypto';
import type { NewEvent } from '#contracts';
import { canonicalJson, LotlineError, malformed } from '#kernel';
import type { Append, ExpectedRevision } from './port.js';

/** An event as the flush needs it: everything that costs time is done before the log's lock is taken. */
export interface AcceptedEvent {
  id: string;
  type: string;
  schemaVersion: number;
  eventTime: string;
  data: string;
  meta: string;
  contentHash: Buffer;
}

export interface AcceptedAppend {
  stream: string;
  expected: ExpectedRevision;
  events: readonly AcceptedEvent[];
  /** Approximate size on the wire. */
  bytes: number;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** A statement's parameter may not reach 1 GB; JSON escaped into an array literal can double. */
const MAX_APPEND_BYTES = 256 * 1024 * 1024;

const refuse = (field: string, found: unknown, expected: string): LotlineError =>
  malformed('append-malformed', `${field} is not ${expected}`, [
    { code: 'append-malformed', message: `${field} is not ${expected}`, field, found, expected },
  ]);

/** Names are stored as plain text, which cannot hold NUL in PostgreSQL; the contents of `data` and `meta` can. */
const requireText = (field: string, text: unknown): void => {
  if (typeof text !== 'string' || text === '' || text.includes('\0') || !text.isWellFormed())
    throw refuse(field, text, 'a non-empty text without NUL');
};

const contentHash = (event: NewEvent): Buffer => {
  const { type, schemaVersion, eventTime, data } = event;
  // The first character keeps the two forms apart: canonical JSON of an object starts with a brace.
  const content =
    event.contentKey === undefined ? canonicalJson({ type, schemaVersion, eventTime, data }) : `=${event.contentKey}`;
  return createHash('sha256').update(content).digest();
};

const toJson = (field: string, value: unknown): string => {
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) throw refuse(field, value, 'a JSON value');
  return text;
};

/** @throws LotlineError `append-malformed` where the log cannot hold it. */
export const acceptEvent = (event: NewEvent): AcceptedEvent => {
  if (typeof event.id !== 'string' || !UUID.test(event.id)) throw refuse('id', event.id, 'a lower-case UUID');
  requireText('type', event.type);
  requireText('eventTime', event.eventTime);
  if (!Number.isInteger(event.schemaVersion) || event.schemaVersion < 1 || event.schemaVersion > 0x7fffffff)
    throw refuse('schemaVersion', event.schemaVersion, 'a positive integer');
  const { id, type, schemaVersion, eventTime } = event;
  const data = toJson('data', event.data);
  return {
    id,
    type,
    schemaVersion,
    eventTime,
    data,
    meta: toJson('meta', event.meta),
    contentHash: contentHash(event),
  };
};

/** @throws LotlineError `append-malformed` (the log cannot hold it) or `append-too-large` (more than 256 MB at once). */
export const acceptAppend = ({ stream, expected, events }: Append): AcceptedAppend => {
  requireText('stream', stream);
  if (typeof expected === 'number' && !(Number.isInteger(expected) && expected >= 0))
    throw refuse('expected', expected, 'a revision');
  const accepted = events.map(acceptEvent);
  const bytes = accepted.reduce((sum, event) => sum + event.data.length + event.meta.length + 200, 0);
  if (bytes > MAX_APPEND_BYTES)
    throw new LotlineError(
      'too-large',
      'append-too-large',
      `one append of ${bytes} bytes to ${stream}; at most 256 MB`,
    );
  return { stream, expected, events: accepted, bytes };
};
