import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { EpcisEvent } from '../reports/epcis.js';
import type { NativeEvent } from '../reports/native.js';
import type { Sent } from '../event.js';
import { epcisDocument } from '../world/master-data.js';
import type { World } from '../world/world.js';

const CHUNK = 1 << 16;

/** Writes text to a file as it comes, no faster than the disk takes it. @throws as `createWriteStream` does. */
export const writeText = async (file: string, pieces: Iterable<string>): Promise<void> => {
  const stream = createWriteStream(file);
  // Listened to from the start, so that an error between two writes has somebody to go to.
  const done = finished(stream);
  done.catch(() => undefined);
  let text = '';
  const flush = async (): Promise<void> => {
    if (!stream.write(text)) await Promise.race([once(stream, 'drain'), done]);
    text = '';
  };
  for (const piece of pieces) {
    text += piece;
    if (text.length > CHUNK) await flush();
  }
  stream.end(text);
  await done;
};

/** An event a line. */
export const eventLines = function* (events: Iterable<Sent>): Generator<string, void> {
  for (const { event } of events) yield `${JSON.stringify(event)}\n`;
};

/**
 * The body of a request a line: first the EPCIS document with the master data, then, for each so many events, a batch of
 * CloudEvents for `POST /events` and an EPCIS document for `POST /epcis/capture`.
 */
export const requestLines = function* (world: World, events: Iterable<Sent>, size = 1000): Generator<string, void> {
  const line = (body: object): string => `${JSON.stringify(body)}\n`;
  yield line(epcisDocument(world, [], true));
  let facts: NativeEvent[] = [];
  let epcis: EpcisEvent[] = [];
  const bodies = function* (): Generator<string, void> {
    if (facts.length > 0) yield line(facts);
    if (epcis.length > 0) yield line(epcisDocument(world, epcis));
    [facts, epcis] = [[], []];
  };
  for (const sent of events) {
    if (sent.form === 'native') facts.push(sent.event);
    else epcis.push(sent.event);
    if (facts.length + epcis.length === size) yield* bodies();
  }
  yield* bodies();
};
