import type { Pool, PoolClient } from 'pg';

const ignore = (): void => undefined;

/**
 * Runs `work` in one transaction of its own connection. READ COMMITTED: each statement sees what was committed before it
 * began, which is what "lock first, read in a later statement" relies on. REPEATABLE READ: all of them see one state.
 * A connection that cannot roll back is not given back to the pool. After an unknown COMMIT outcome it throws: the caller
 * reads its checkpoint to learn which it was.
 */
export const inTransaction = async <T>(
  pool: Pool,
  work: (client: PoolClient) => Promise<T>,
  mode: 'READ COMMITTED' | 'REPEATABLE READ READ ONLY' = 'READ COMMITTED',
): Promise<T> => {
  const client = await pool.connect();
  // A connection that is lost while checked out also says so here; the statement's rejection is the one that counts.
  client.on('error', ignore);
  let broken: Error | undefined;
  try {
    await client.query(`BEGIN ISOLATION LEVEL ${mode}`);
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((reason: unknown) => {
      broken = reason instanceof Error ? reason : new Error(String(reason));
    });
    throw error;
  } finally {
    client.off('error', ignore);
    client.release(broken);
  }
};

/** Runs `work` in a savepoint: where it throws, nothing of it is left and the transaction goes on. */
export const inSavepoint = async <T>(client: PoolClient, work: () => Promise<T>): Promise<T> => {
  await client.query('SAVEPOINT attempt');
  try {
    const result = await work();
    await client.query('RELEASE SAVEPOINT attempt');
    return result;
  } catch (error) {
    await client.query('ROLLBACK TO SAVEPOINT attempt');
    await client.query('RELEASE SAVEPOINT attempt');
    throw error;
  }
};
