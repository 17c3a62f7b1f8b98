import pg from 'pg';
import { malformed } from '#kernel';

/**
 * What a failed flush means:
 * - `unknown`: the connection or the server went away, or the transaction was a victim; it may have committed, the same
 *   appends are tried again and their ids tell;
 * - `content`: PostgreSQL rejects something inside one of the appends; nothing was recorded, the others go on without it;
 * - `setup`: no append would fare better (schema missing, disk full, no rights); nothing was recorded.
 */
export type Failure = 'unknown' | 'content' | 'setup';

/** SQLSTATE classes: connection, operator intervention (shutdown, termination), transaction rollback (deadlock victim). */
const UNKNOWN = /^(08|57|40)|^(25P03|25P04|53300)$/;
/** Data exception, integrity violation, program limit (nesting depth, index row size). */
const CONTENT = /^(22|23|54)/;

export const failureOf = (error: unknown): Failure => {
  if (!(error instanceof pg.DatabaseError) || error.code === undefined) return 'unknown';
  if (UNKNOWN.test(error.code)) return 'unknown';
  return CONTENT.test(error.code) ? 'content' : 'setup';
};

/** The error that the caller of a failed append gets: where the append itself is at fault, one that says so. */
export const asAppendError = (error: unknown): unknown =>
  failureOf(error) === 'content'
    ? Object.assign(malformed('append-rejected', `PostgreSQL cannot hold it: ${(error as Error).message}`), {
        cause: error,
      })
    : error;
