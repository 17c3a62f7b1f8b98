import type { ClientBase, Pool } from 'pg';
import type { LogIdentity } from '../port.js';
import { LOCK_TAIL } from './read-tail.js';

interface Row {
  log_id: string;
  epoch: number;
}

const toIdentity = (row: Row | undefined): LogIdentity => {
  if (!row) throw new Error('log.identity has no row: the schema "log" is damaged');
  return { logId: row.log_id, epoch: row.epoch };
};

export const readIdentity = async (pool: Pool): Promise<LogIdentity> =>
  toIdentity((await pool.query<Row>('SELECT log_id, epoch FROM log.identity')).rows[0]);

/**
 * To be called once after a backup was restored and before anything is appended or read: positions after the restored end
 * are given a second time, so what was built on the lost ones (read models, topics, snapshots) must not be continued.
 * @param client any connection to the log's database with the right to write to it.
 * @returns the identity from now on.
 */
export const raiseEpoch = async (client: ClientBase): Promise<LogIdentity> => {
  await client.query('BEGIN');
  try {
    await client.query(LOCK_TAIL);
    const { rows } = await client.query<Row>('UPDATE log.identity SET epoch = epoch + 1 RETURNING log_id, epoch');
    await client.query('COMMIT');
    return toIdentity(rows[0]);
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
};
