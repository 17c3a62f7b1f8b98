import { LotlineError } from '#kernel';
import type { Projections } from '#platform';
import type { Pool } from 'pg';
import type { OpenedCase } from '../domain/recall-case.js';
import { CASES } from './cases-projector.js';

export interface CaseList {
  list(filter: { status?: 'open' | 'closed' | undefined; after: string | null; limit: number }): Promise<OpenedCase[]>;
  /** Ids of open cases, with everything known that the log says up to `position`. @throws LotlineError `behind`. */
  open(position: string): Promise<string[]>;
  /** Ids of open cases, as far as this read model knows. */
  known(): Promise<string[]>;
}

const WAIT_MS = 10_000;

const LIST = (s: string): string => `
SELECT state FROM ${s}.cases WHERE ($1::text IS NULL OR status = $1) AND ($2::text IS NULL OR id > $2)
ORDER BY id LIMIT $3`;

export const createCaseList = (pool: Pool, projections: Projections): CaseList => {
  const openIds = async (): Promise<string[]> => {
    const schema = await projections.schemaOf(CASES);
    const { rows } = await pool.query<{ id: string }>(
      `SELECT id FROM ${schema}.cases WHERE status = 'open' ORDER BY id`,
    );
    return rows.map((row) => row.id);
  };
  return {
    list: async ({ status, after, limit }) => {
      const { rows } = await pool.query<{ state: OpenedCase }>(LIST(await projections.schemaOf(CASES)), [
        status ?? null,
        after,
        limit,
      ]);
      return rows.map((row) => row.state);
    },
    open: async (position) => {
      const { reached } = await projections.waitFor(CASES, position, WAIT_MS);
      if (!reached) throw new LotlineError('behind', 'read-model-behind', `${CASES} has not reached ${position}`);
      return openIds();
    },
    known: openIds,
  };
};
