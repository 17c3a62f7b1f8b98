import { type LotlineError, notFound, refused } from '#kernel';
import type { KeyOf } from '#event-bus';
import type { EventLog } from '#event-log';
import type { Pool, PoolClient } from 'pg';
import { MustPause, RebuildStopped } from '../engine/failures.js';
import type { PartitionOf } from '../engine/bring-to.js';
import type { Projector } from '../port.js';
import { type Active, readActive } from '../store/builds.js';

export interface OperationsOptions {
  pool: Pool;
  log: EventLog;
  /** Every read model and version this release knows. */
  projectors: readonly Projector[];
  /** As the workers' bus divides events (`bus.partitionOf`, or `partitionBy(keyOf)` where there is no bus). */
  partitionOf: PartitionOf;
  /** As the workers' bus (`bus.keyOf`): decisions on parked events travel with them. */
  keyOf: KeyOf;
  /** Who operates, recorded with each decision; default `system:operations`. */
  actor?: string;
  /** Told after builds were made, switched or retired: `runner.reader.invalidate` and `runner.refresh` of this process. */
  onChange?: (projection: string) => void | Promise<void>;
}

export const projectorOf = (
  projectors: readonly Projector[],
  projection: string,
  version: number,
): Projector | undefined => projectors.find((p) => p.name === projection && p.version === version);

/** Names what there is instead; a read model has tables once the product was started. */
export const unknownProjection = (projection: string, known: readonly string[]): LotlineError => {
  const names = [...new Set(known)].sort().join(', ');
  return notFound(
    'projection-unknown',
    `there is no read model "${projection}"; ${names === '' ? 'none has tables yet: start the product first' : `there are: ${names}`}`,
  );
};

export const activeOf = async (db: Pool | PoolClient, projection: string): Promise<Active> => {
  const active = await readActive(db, projection);
  if (active) return active;
  const { rows } = await db.query<{ projection: string }>('SELECT projection FROM projections.active');
  throw unknownProjection(
    projection,
    rows.map((row) => row.projection),
  );
};

export const refuse = (code: string, message: string): LotlineError => refused(code, message, [{ code, message }]);

/** What an operator did wrong or must do first, where the cause is such a thing. */
export const asRefusal = (error: unknown): unknown => {
  if (error instanceof RebuildStopped || error instanceof MustPause) return refuse('rebuild-stopped', error.message);
  return error;
};
