import type { Pool } from 'pg';
import type { LogIdentity } from '#event-log';
import { LotlineError } from '#kernel';

/** The right to publish a log, until it expires, is released, or somebody else takes it over. */
export interface Lease {
  logId: string;
  /** Of this holding alone: every statement of the holder asks for it, so that a former holder changes nothing. */
  token: string;
}

/** How far the log has been published, as the row says it. */
export interface Checkpoint {
  epoch: number;
  position: string;
}

/** Somebody else holds the lease, or the log has entered another epoch: what was begun here must not go on. */
export class LeaseLost extends Error {
  constructor(why = 'another relay has taken over') {
    super(why);
    this.name = 'LeaseLost';
  }
}

interface Row {
  token: string;
  epoch: string;
  position: string;
}

const toCheckpoint = ({ epoch, position }: Pick<Row, 'epoch' | 'position'>): Checkpoint => ({
  epoch: Number(epoch),
  position,
});

// All of it by PostgreSQL's clock: two machines need not agree on the time. clock_timestamp(), not now(): a statement may have
// waited for the row.
const FREE = 'c.holder IS NULL OR c.expires_at <= clock_timestamp()';
const EXPIRY = (parameter: string): string => `clock_timestamp() + ${parameter} * interval '1 millisecond'`;

/**
 * Takes the lease where nobody holds it, or its holder let it expire.
 * @param holder says who it is, for people; one name may hold several leases one after another.
 * @returns undefined where somebody holds it.
 */
export const acquireLease = async (
  pool: Pool,
  { logId, epoch }: LogIdentity,
  holder: string,
  leaseMs: number,
): Promise<{ lease: Lease; checkpoint: Checkpoint } | undefined> => {
  // Looked at first, since trying locks the row, and a standby tries all the time.
  const { rows: found } = await pool.query<{ free: boolean }>(
    `SELECT ${FREE} AS free FROM relay.checkpoints c WHERE log_id = $1`,
    [logId],
  );
  if (found[0]?.free === false) return undefined;
  const { rows } = await pool.query<Row>(
    `INSERT INTO relay.checkpoints AS c (log_id, epoch, position, token, holder, expires_at)
     VALUES ($1, $2, '', 1, $3, ${EXPIRY('$4')})
     ON CONFLICT (log_id) DO UPDATE
       SET token = c.token + 1, holder = excluded.holder, expires_at = ${EXPIRY('$4')}, updated_at = clock_timestamp()
       WHERE ${FREE}
     RETURNING token, epoch, position`,
    [logId, epoch, holder, leaseMs],
  );
  const [row] = rows;
  return row && { lease: { logId, token: row.token }, checkpoint: toCheckpoint(row) };
};

const onlyRow = <R>({ rows }: { rows: R[] }): R => {
  const [row] = rows;
  if (!row || rows.length > 1) throw new LeaseLost();
  return row;
};

/** Holds on. An expired lease that nobody took meanwhile is still the holder's. @throws LeaseLost. */
export const renewLease = async (pool: Pool, { logId, token }: Lease, leaseMs: number): Promise<Checkpoint> =>
  toCheckpoint(
    onlyRow(
      await pool.query<Row>(
        `UPDATE relay.checkpoints SET expires_at = ${EXPIRY('$3')}, updated_at = clock_timestamp()
         WHERE log_id = $1 AND token = $2 RETURNING epoch, position`,
        [logId, token, leaseMs],
      ),
    ),
  );

/**
 * Says that everything up to the position has been published, and holds on. To be called after the broker's acknowledgement.
 * @throws LeaseLost, also where the epoch is no longer the one published in.
 */
export const advanceCheckpoint = async (
  pool: Pool,
  { logId, token }: Lease,
  { epoch, position }: Checkpoint,
  leaseMs: number,
): Promise<void> => {
  onlyRow(
    await pool.query(
      `UPDATE relay.checkpoints SET position = $4, expires_at = ${EXPIRY('$5')}, updated_at = clock_timestamp()
       WHERE log_id = $1 AND token = $2 AND epoch = $3 RETURNING 1`,
      [logId, token, epoch, position, leaseMs],
    ),
  );
};

/**
 * Goes over to a later epoch of the log: what was published of the lost part is not in the log, so nothing but the part that
 * both have in common counts as published. A database that was restored brings its own checkpoint along, from before.
 * @param log its epoch now, and where the epochs since began, as far as it says so: a log that is restored by itself has
 * perhaps grown beyond the checkpoint again before anybody looked.
 * @param head the log's end now: the checkpoint never stands behind it.
 * @throws LotlineError `epoch-behind` where the log is in an earlier epoch than what was published; LeaseLost.
 */
export const enterEpoch = async (
  pool: Pool,
  { logId, token }: Lease,
  { epoch, epochStarts = [] }: Pick<LogIdentity, 'epoch' | 'epochStarts'>,
  head: string,
): Promise<Checkpoint> => {
  const row = onlyRow(
    await pool.query<Row>(
      `UPDATE relay.checkpoints c
       SET position = CASE WHEN c.epoch < $3 THEN least(c.position, $4 COLLATE "C", (
             SELECT min(s.head COLLATE "C") FROM unnest($5::bigint[], $6::text[]) AS s (epoch, head) WHERE s.epoch > c.epoch
           )) ELSE c.position END,
           epoch = greatest(c.epoch, $3), updated_at = clock_timestamp()
       WHERE c.log_id = $1 AND c.token = $2 RETURNING c.epoch, c.position`,
      [logId, token, epoch, head, epochStarts.map((start) => start.epoch), epochStarts.map((start) => start.head)],
    ),
  );
  const checkpoint = toCheckpoint(row);
  if (checkpoint.epoch > epoch)
    throw new LotlineError(
      'unavailable',
      'epoch-behind',
      `the log is in epoch ${epoch}, but was published in epoch ${checkpoint.epoch}: after a restore run "npm run lotline -- restored" until the epoch is higher`,
    );
  if (checkpoint.position > head)
    throw new LotlineError(
      'unavailable',
      'published-beyond-log',
      `the log ends at ${head}, but was published up to ${checkpoint.position}: after a restore run "npm run lotline -- restored"`,
    );
  return checkpoint;
};

/** Lets the next one take it at once. Harmless where somebody has taken it already. */
export const releaseLease = async (pool: Pool, { logId, token }: Lease): Promise<void> => {
  await pool.query(
    `UPDATE relay.checkpoints SET holder = NULL, expires_at = NULL, updated_at = clock_timestamp()
     WHERE log_id = $1 AND token = $2`,
    [logId, token],
  );
};
