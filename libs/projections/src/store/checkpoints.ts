import type { Place, Partition } from '#event-bus';
import type { LogIdentity } from '#event-log';
import type { Pool, PoolClient } from 'pg';

export type ConsumerState = 'running' | 'failing' | 'paused' | 'needs-rebuild';

/** Where one partition of a consumer stands. */
export interface Checkpoint extends Place {
  partition: Partition;
  log: LogIdentity;
  lastRecordTime: string | null;
  state: ConsumerState;
  reason: string | null;
  updatedAt: Date;
}

/** Somebody else moved the checkpoint: what was about to be written is theirs already. Harmless; start again from it. */
export class Fenced extends Error {
  constructor(consumer: string, partition: Partition) {
    super(`${consumer}: partition ${partition.index} of ${partition.of} is worked on by another`);
    this.name = 'Fenced';
  }
}

interface Row {
  partition: number;
  of: number;
  position: string;
  cursor: string | null;
  log_id: string;
  epoch: string;
  last_record_time: string | null;
  state: ConsumerState;
  reason: string | null;
  updated_at: Date;
}

const fromRow = (row: Row): Checkpoint => ({
  partition: { index: row.partition, of: row.of },
  position: row.position,
  ...(row.cursor !== null && { cursor: row.cursor }),
  log: { logId: row.log_id, epoch: Number(row.epoch) },
  lastRecordTime: row.last_record_time,
  state: row.state,
  reason: row.reason,
  updatedAt: row.updated_at,
});

const COLUMNS = 'partition, "of", position, cursor, log_id, epoch, last_record_time, state, reason, updated_at';

/** @returns by partition; empty where the consumer never started or is retired. */
export const readCheckpoints = async (db: Pool | PoolClient, consumer: string): Promise<Checkpoint[]> => {
  const { rows } = await db.query<Row>(
    `SELECT ${COLUMNS} FROM projections.checkpoints WHERE consumer = $1 ORDER BY partition`,
    [consumer],
  );
  return rows.map(fromRow);
};

/** Holds every worker of the consumer at its last commit until the transaction ends. */
export const lockCheckpoints = async (client: PoolClient, consumer: string): Promise<Checkpoint[]> => {
  const { rows } = await client.query<Row>(
    `SELECT ${COLUMNS} FROM projections.checkpoints WHERE consumer = $1 ORDER BY partition FOR UPDATE`,
    [consumer],
  );
  return rows.map(fromRow);
};

export const readCheckpoint = async (
  db: Pool | PoolClient,
  consumer: string,
  partition: Partition,
): Promise<Checkpoint | undefined> => {
  const { rows } = await db.query<Row>(
    `SELECT ${COLUMNS} FROM projections.checkpoints WHERE consumer = $1 AND partition = $2 AND "of" = $3`,
    [consumer, partition.index, partition.of],
  );
  return rows[0] && fromRow(rows[0]);
};

/**
 * Takes the partition for this transaction. A second worker waits here, before it writes anything, so that it meets the
 * moved checkpoint and not the first one's rows.
 * @throws Fenced where the partition is not where the worker believes.
 */
export const takeCheckpoint = async (
  client: PoolClient,
  consumer: string,
  partition: Partition,
  position: string,
): Promise<void> => {
  const { rows } = await client.query(
    `SELECT FROM projections.checkpoints
      WHERE consumer = $1 AND partition = $2 AND "of" = $3 AND position = $4 FOR UPDATE`,
    [consumer, partition.index, partition.of, position],
  );
  if (rows.length !== 1) throw new Fenced(consumer, partition);
};

/**
 * Moves the checkpoint in the transaction that holds the effects.
 * @param lastRecordTime of the last event, undefined where only the watermark moved.
 * @throws Fenced unless exactly one row stood at `from`.
 */
export const advanceCheckpoint = async (
  client: Pool | PoolClient,
  consumer: string,
  partition: Partition,
  from: string,
  to: Place,
  lastRecordTime: string | undefined,
): Promise<void> => {
  const { rowCount } = await client.query(
    `UPDATE projections.checkpoints
        SET position = $5, cursor = $6, last_record_time = coalesce($7, last_record_time),
            state = 'running', reason = NULL, updated_at = now()
      WHERE consumer = $1 AND partition = $2 AND "of" = $3 AND position = $4`,
    [consumer, partition.index, partition.of, from, to.position, to.cursor ?? null, lastRecordTime ?? null],
  );
  if (rowCount !== 1) throw new Fenced(consumer, partition);
};

/** Replaces all partitions of a consumer by `of` partitions that stand at one position. */
export const resetCheckpoints = async (
  client: PoolClient,
  consumer: string,
  of: number,
  position: string,
  log: LogIdentity,
  lastRecordTime?: string | null,
): Promise<void> => {
  await client.query('DELETE FROM projections.checkpoints WHERE consumer = $1', [consumer]);
  await client.query(
    `INSERT INTO projections.checkpoints (consumer, partition, "of", position, log_id, epoch, last_record_time)
     SELECT $1, p, $2::int, $3, $4, $5::bigint, $6 FROM generate_series(0, $2::int - 1) AS p`,
    [consumer, of, position, log.logId, log.epoch, lastRecordTime ?? null],
  );
};

/**
 * Moves the partitions that stand before a position up to it, in a transaction that holds them and the effects. The bus's
 * cursor stays behind: what it delivers again is older than the position and passed over.
 */
export const raiseCheckpoints = async (
  client: PoolClient,
  consumer: string,
  position: string,
  lastRecordTime: string | null,
): Promise<void> => {
  await client.query(
    `UPDATE projections.checkpoints
        SET position = $2, last_record_time = coalesce($3, last_record_time), updated_at = now()
      WHERE consumer = $1 AND position < $2`,
    [consumer, position, lastRecordTime],
  );
};

/**
 * Tells operators how the consumer is; never moves a position. Told while the next try is under way, it may come late: where the
 * partition stands elsewhere by then than at `at`, it says nothing that is still so, and nothing would take it back.
 */
export const markState = async (
  db: Pool | PoolClient,
  consumer: string,
  partition: Partition,
  at: { position: string; log: LogIdentity },
  state: ConsumerState,
  reason: string,
): Promise<void> => {
  const { index, of } = partition;
  await db.query(
    `UPDATE projections.checkpoints SET state = $7, reason = $8, updated_at = now()
      WHERE consumer = $1 AND partition = $2 AND "of" = $3 AND position = $4 AND log_id = $5 AND epoch = $6`,
    [consumer, index, of, at.position, at.log.logId, at.log.epoch, state, reason.slice(0, 2000)],
  );
};
