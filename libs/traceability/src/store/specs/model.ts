import type { RecordedEvent } from '#contracts';
import type { TestDatabase } from '#testkit';
import type { PoolClient } from 'pg';
import { createFactStore } from '../fact-store.js';

/** Runs in one transaction, which ends either way. */
export const inTransaction = async <T>(
  { pool }: Pick<TestDatabase, 'pool'>,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> => {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
};

/** A fact store in a schema of its own. */
export const createModel = async (database: TestDatabase, schema: string) => {
  const store = createFactStore({ schema });
  let tables: Promise<string[]> | undefined;
  await inTransaction(database, async (client) => {
    await client.query(`CREATE SCHEMA ${schema}`);
    await store.createSchema(client);
  });
  return {
    schema,
    store,
    apply: (events: readonly RecordedEvent[]): Promise<void> =>
      inTransaction(database, async (client) => {
        await store.apply(client, events);
      }),
    /** One line a row. */
    exported: (): Promise<string[]> =>
      inTransaction(database, async (client) => {
        const lines: string[] = [];
        for await (const row of store.export(client)) lines.push(JSON.stringify(row));
        return lines;
      }),
    /** Row by row: for the few rows of a test that is quicker than truncating the files of every table. */
    empty: async (): Promise<void> => {
      tables ??= database.pool
        .query<{ tables: string[] }>(
          `SELECT array_agg(tablename::text) AS tables FROM pg_tables WHERE schemaname = $1`,
          [schema],
        )
        .then(({ rows }) => rows[0]?.tables ?? []);
      await database.pool.query((await tables).map((table) => `DELETE FROM ${schema}.${table}`).join(';'));
    },
  };
};

export type Model = Awaited<ReturnType<typeof createModel>>;
