import { LotlineError } from '#kernel';
import type { Pool, PoolClient } from 'pg';
import { inTransaction } from './store/transaction.js';

/** One state of a read model: whatever is read through it belongs together. */
export interface ReadSnapshot {
  client: PoolClient;
  /** Tables of the version that serves. */
  schema: string;
  /** Log position of this state. */
  position: string;
}

const SERVING = `
SELECT a.schema, min(c.position) AS position FROM projections.active a
LEFT JOIN projections.checkpoints c ON c.consumer = a.schema WHERE a.projection = $1 GROUP BY a.schema`;

/**
 * Answers a question on one snapshot of the version of a read model that serves.
 * @throws LotlineError `read-model-behind` where it has not started yet; what the question throws.
 */
export const readSnapshot = <T>(
  pool: Pool,
  projection: string,
  question: (snapshot: ReadSnapshot) => Promise<T>,
): Promise<T> =>
  inTransaction(
    pool,
    async (client) => {
      const { rows } = await client.query<{ schema: string; position: string | null }>(SERVING, [projection]);
      const [serving] = rows;
      if (serving === undefined)
        throw new LotlineError('behind', 'read-model-behind', `${projection} has not started yet`, [], {
          retryAfter: 1,
        });
      return question({ client, schema: serving.schema, position: serving.position ?? '' });
    },
    'REPEATABLE READ READ ONLY',
  );
