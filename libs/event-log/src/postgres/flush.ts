import type { ClientBase } from 'pg';
import type { AppendResult } from '../port.js';
import type { AcceptedAppend } from '../accept-append.js';
import { extendPartitions } from './partitions.js';
import { type FlushPlan, planFlush } from './plan-flush.js';
import { readHeads, readIds } from './read-known.js';
import { LOCK_TAIL, readTail, type Tail } from './read-tail.js';
import { writePlan } from './write-plan.js';

export interface FlushOptions {
  /** A clock that replaces the server's. */
  now?: (() => number) | undefined;
  /** Told before the COMMIT is sent, so that a repetition after a lost connection can recognise what it wrote itself. */
  onPlanned?: ((results: readonly AppendResult[]) => void) | undefined;
}

/**
 * Decides and records appends in one transaction, in two round trips: lock and read, then write and commit. The client
 * must be in pipeline mode and used by nobody else meanwhile. Nothing is recorded where this rejects, except that after a
 * lost connection it may be.
 */
export const flush = async (
  client: ClientBase,
  appends: readonly AcceptedAppend[],
  { now, onPlanned }: FlushOptions = {},
): Promise<AppendResult[]> => {
  try {
    const [, , tail, heads, ids] = await Promise.all([
      client.query('BEGIN ISOLATION LEVEL READ COMMITTED'),
      client.query(LOCK_TAIL),
      readTail(client, now),
      readHeads(client, appends),
      readIds(client, appends),
    ]);
    const recordTime = new Date(tail.recordTime).toISOString();
    const plan = planFlush(appends, { position: tail.position, heads, ids }, recordTime);
    onPlanned?.(plan.results);
    await record(client, tail, plan, recordTime);
    return plan.results;
  } catch (error) {
    // The connection may be gone; then there is nothing to roll back, and the error above is the one that counts.
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
};

const record = async (client: ClientBase, tail: Tail, plan: FlushPlan, recordTime: string): Promise<void> => {
  const last = plan.rows.at(-1)?.position;
  if (last === undefined) {
    await client.query('ROLLBACK');
    return;
  }
  if (last + tail.partitionSize / 2 >= tail.partitionedTo) await extendPartitions(client, tail, last);
  const written = writePlan(client, plan, recordTime);
  const [commit] = await Promise.all([client.query('COMMIT'), ...written]);
  // PostgreSQL answers a COMMIT of a failed transaction with ROLLBACK and no error; the failed statement rejected above.
  if (commit.command !== 'COMMIT') throw new Error(`the log's COMMIT was answered with ${commit.command}`);
};
