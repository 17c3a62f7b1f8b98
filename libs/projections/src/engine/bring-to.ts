import type { RecordedEvent } from '#contracts';
import type { Checkpoint } from '../store/checkpoints.js';
import { applyEvents } from './apply-events.js';
import type { Applying } from './applying.js';
import { MustPause } from './failures.js';
import { isKnownTo, wantedOf } from './wanted.js';

export type PartitionOf = (event: RecordedEvent, of: number) => number;

const PAGE = 2000;

export const lowest = (checkpoints: readonly Checkpoint[]): string =>
  checkpoints.reduce((min, { position }) => (position < min ? position : min), checkpoints[0]?.position ?? '');

export const highest = (checkpoints: readonly Checkpoint[]): string =>
  checkpoints.reduce((max, { position }) => (position > max ? position : max), '');

/**
 * Brings every partition of a build to one position, inside a transaction that holds all its checkpoints: each event is
 * applied that its partition has not had yet. The caller stores the position.
 * @throws MustPause where an event on the way needs a newer release.
 * @returns record time of the last event seen.
 */
export const bringTo = async (
  applying: Applying,
  checkpoints: readonly Checkpoint[],
  partitionOf: PartitionOf,
  upTo: string,
): Promise<string | null> => {
  const of = checkpoints.length;
  const isKnown = isKnownTo(applying.projector);
  const positions = checkpoints.map(({ position }) => position);
  let after = lowest(checkpoints);
  let lastRecordTime = checkpoints.reduce<string | null>(
    (last, row) =>
      row.lastRecordTime !== null && (last === null || row.lastRecordTime > last) ? row.lastRecordTime : last,
    null,
  );
  while (after < upTo) {
    const page = await applying.log.readAll({ after, upTo, max: PAGE });
    const last = page.events.at(-1);
    if (last === undefined) break;
    const missing = page.events.filter(
      (event) => !isKnown(event) || event.position > (positions[partitionOf(event, of)] ?? ''),
    );
    const { events, newer } = wantedOf(applying.projector, missing);
    if (newer) throw new MustPause('paused', newer.reason);
    await applyEvents(applying, events);
    after = last.position;
    if (lastRecordTime === null || last.recordTime > lastRecordTime) lastRecordTime = last.recordTime;
  }
  return lastRecordTime;
};
