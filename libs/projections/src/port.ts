import type { RecordedEvent } from '#contracts';
import type { PoolClient } from 'pg';

/** What a projector works with: the open transaction and the schema its tables of this version live in. */
export interface ProjectionContext {
  /** Inside one transaction that also moves the checkpoint; commit and rollback are the engine's. */
  client: PoolClient;
  /**
   * Quoted-safe schema name, e.g. `genealogy_v1`; tables are named `${schema}.lots`. A name is never used for a second
   * build, so what is cached for a schema in memory stays about the same tables.
   */
  schema: string;
  /** True while a new build is filled beside the live one. */
  rebuilding: boolean;
}

/**
 * A read model. `apply` is called with batches in log order per partition, at least once but with effects exactly once,
 * because the checkpoint moves in the same transaction. Two workers may be inside `apply` for two partitions at once.
 * What is kept in memory between calls is a hint only: the transaction of a call may be rolled back.
 */
export interface Projector {
  /** Lower-case letters, digits and underscores. */
  name: string;
  /** Raised with every change of meaning; a new version is built beside the old one. */
  version: number;
  /** Event types and versions it understands and wants. A newer version of a wanted type pauses it. */
  handles: ReadonlyMap<string, number>;
  /**
   * Every event type of this release, wanted or not: one that is missing comes from a newer release and pauses it, as nobody
   * here can tell whether it matters. Absent: types that are not wanted are passed over, whatever they are.
   */
  knows?: ReadonlySet<string>;
  /** Creates tables and indexes in `schema` (idempotent); the schema itself is there. */
  createSchema(context: ProjectionContext): Promise<void>;
  /**
   * Set-based: one statement a table and batch. May be called again for the same events after a rollback to a savepoint,
   * in smaller batches, when the engine looks for the one that cannot be applied.
   * @throws PoisonEvent to name the one event that cannot be applied: the engine rolls back, parks it with its stream and
   * goes on without it. Any other error rolls back; a failure of the database (connection, deadlock, disk, missing table …)
   * is retried, anything else is searched for the event that causes it.
   */
  apply(context: ProjectionContext, events: readonly RecordedEvent[]): Promise<void>;
  /**
   * Views for other people's tools: names (lower-case letters, digits, underscores; no other read model's) and the SELECT of
   * each over the tables in `schema`. The engine publishes them as `lotline_public.{name}`, always of the build that readers
   * see. A change of one is a new version: columns are added, never renamed, removed or given another type.
   */
  publishes?(schema: string): Readonly<Record<string, string>>;
  /** A parked event's lots and units become incomplete (or complete again on retry or discard). */
  markParked?(context: ProjectionContext, events: readonly RecordedEvent[], parked: boolean): Promise<void>;
  /** Rows in canonical order without positions, record times and internal ids: equal models give equal exports. */
  export(context: ProjectionContext): AsyncIterable<{ table: string; row: unknown }>;
  /** What must hold for every build before it may serve; one sentence for each rule that is broken. */
  verify?(context: ProjectionContext): Promise<string[]>;
}

/** One event that a projector cannot apply, whoever else is in its batch. */
export class PoisonEvent extends Error {
  constructor(
    readonly event: RecordedEvent,
    override readonly cause: unknown,
  ) {
    super(`cannot apply ${event.type} ${event.id}: ${cause instanceof Error ? cause.message : String(cause)}`);
    this.name = 'PoisonEvent';
  }
}
