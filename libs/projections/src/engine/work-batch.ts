import type { RecordedEvent } from '#contracts';
import type { Partition, Place } from '#event-bus';
import type { EventLog } from '#event-log';
import type { Pool } from 'pg';
import type { Projector } from '../port.js';
import type { Build } from '../store/builds.js';
import { advanceCheckpoint, Fenced, takeCheckpoint } from '../store/checkpoints.js';
import { inTransaction } from '../store/transaction.js';
import { applyEvents } from './apply-events.js';
import type { Parking } from './apply-facts.js';
import type { Applying, Streak } from './applying.js';
import { isDatabaseFault } from './failures.js';

/** One worker's share of the work on one build. */
export interface Work {
  pool: Pool;
  log: EventLog;
  build: Build;
  projector: Projector;
  partition: Partition;
}

export interface Batch {
  from: string;
  to: Place;
  /** Wanted by the projector, in log order. */
  events: readonly RecordedEvent[];
  lastRecordTime: string | undefined;
}

/**
 * Effects and checkpoint in one transaction. The checkpoint is taken first and moved last, both times at the old position:
 * a second worker waits at the first and finds it moved.
 * @throws Fenced where another worker did it.
 */
export const applyBatch = (work: Work, batch: Batch, policy: Applying['policy']): Promise<Parking[]> =>
  inTransaction(work.pool, async (client) => {
    const { build, projector, log, partition } = work;
    await takeCheckpoint(client, build.schema, partition, batch.from);
    const parked = await applyEvents({ client, log, build, projector, policy }, batch.events);
    await advanceCheckpoint(client, build.schema, partition, batch.from, batch.to, batch.lastRecordTime);
    return parked;
  });

/** The live way: hopeful first, which costs nothing extra; where that fails and an event may be to blame, carefully. */
export const workBatch = async (work: Work, batch: Batch, streak: Streak): Promise<Parking[]> => {
  if (batch.events.length === 0) {
    const { build, partition, pool } = work;
    await advanceCheckpoint(pool, build.schema, partition, batch.from, batch.to, batch.lastRecordTime);
    return [];
  }
  try {
    const parked = await applyBatch(work, batch, { kind: 'hopeful' });
    streak.failures = 0;
    return parked;
  } catch (error) {
    if (error instanceof Fenced || isDatabaseFault(error)) throw error;
    return applyBatch(work, batch, { kind: 'careful', streak });
  }
};
