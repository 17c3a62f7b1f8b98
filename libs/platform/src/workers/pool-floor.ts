import type { Infrastructure } from '../infrastructure/infrastructure.js';
import type { Work } from './work.js';

/** A build that is filled or kept in waiting beside the one that serves is worked on as well. */
const BUILDS = 2;
/** For requests, health and the sweeps. */
const OTHERS = 4;

/** Connections with which no batch of the process ever waits for another one's. */
export const poolFloor = (work: Pick<Work, 'projectors' | 'reactors'>, partitions: number): number =>
  partitions * (work.projectors.length * BUILDS + work.reactors.length) + OTHERS;

/**
 * Fewer connections make batches wait for each other, and never for ever: whoever holds one asks the log by the log's own.
 * A group divides the partitions, so this is what the process needs while it is the only member.
 */
export const tellIfPoolIsSmall = (
  { config, logger }: Pick<Infrastructure, 'config' | 'logger'>,
  work: Work,
  partitions: number,
): void => {
  const floor = poolFloor(work, partitions);
  if (config.databasePool < floor)
    logger.warn(
      { partitions, connections: config.databasePool, needed: floor },
      `batches may wait for connections: with ${partitions} partitions LOTLINE_DATABASE_POOL should be ${floor} or more`,
    );
};
