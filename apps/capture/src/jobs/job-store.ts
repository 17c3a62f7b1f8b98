import type { Pool } from 'pg';
import type { EventMeta } from '#contracts';
import type { CaptureJob, ErrorBehaviour, Progress } from '../domain/capture-job.js';

const COLUMNS = 'id, created_at, finished_at, success, behaviour, meta, progress';

interface Row {
  id: string;
  created_at: Date;
  finished_at: Date | null;
  success: boolean | null;
  behaviour: ErrorBehaviour;
  meta: EventMeta;
  progress: Progress;
}

const toJob = (row: Row): CaptureJob => ({
  id: row.id,
  createdAt: row.created_at.toISOString(),
  finishedAt: row.finished_at?.toISOString() ?? null,
  success: row.success,
  behaviour: row.behaviour,
  meta: row.meta,
  progress: row.progress,
});

/** Durable once it returns. */
export const insertJob = async (pool: Pool, job: CaptureJob, body: string): Promise<void> => {
  await pool.query(
    `INSERT INTO capture.jobs (id, created_at, behaviour, meta, progress, body) VALUES ($1, $2, $3, $4, $5, $6)`,
    [job.id, job.createdAt, job.behaviour, JSON.stringify(job.meta), JSON.stringify(job.progress), body],
  );
};

export const findJob = async (pool: Pool, id: string): Promise<CaptureJob | undefined> => {
  const { rows } = await pool.query<Row>(`SELECT ${COLUMNS} FROM capture.jobs WHERE id = $1`, [id]);
  return rows[0] && toJob(rows[0]);
};

/** The document as it came. */
export const readBody = async (pool: Pool, id: string): Promise<string> => {
  const { rows } = await pool.query<{ body: string }>('SELECT body FROM capture.jobs WHERE id = $1', [id]);
  if (!rows[0]) throw new Error(`there is no capture job ${id}`);
  return rows[0].body;
};

/** Newest first. @param before of the page's last job. */
export const listJobs = async (
  pool: Pool,
  max: number,
  before?: { createdAt: string; id: string },
): Promise<CaptureJob[]> => {
  const { rows } = await pool.query<Row>(
    `SELECT ${COLUMNS} FROM capture.jobs
     WHERE $2::timestamptz IS NULL OR (created_at, id) < ($2::timestamptz, $3::uuid)
     ORDER BY created_at DESC, id DESC LIMIT $1`,
    [max, before?.createdAt ?? null, before?.id ?? null],
  );
  return rows.map(toJob);
};

/** Ids of the jobs that somebody has to finish, oldest first. */
export const unfinishedJobs = async (pool: Pool): Promise<string[]> => {
  const { rows } = await pool.query<{ id: string }>(
    'SELECT id FROM capture.jobs WHERE finished_at IS NULL ORDER BY created_at LIMIT 1000',
  );
  return rows.map((row) => row.id);
};

export const saveProgress = async (pool: Pool, id: string, progress: Progress): Promise<void> => {
  await pool.query('UPDATE capture.jobs SET progress = $2 WHERE id = $1 AND finished_at IS NULL', [
    id,
    JSON.stringify(progress),
  ]);
};

/** A job ends once: whoever comes second changes nothing. */
export const finishJob = async (
  pool: Pool,
  id: string,
  progress: Progress,
  success: boolean,
  finishedAt: string,
): Promise<void> => {
  await pool.query(
    `UPDATE capture.jobs SET progress = $2, success = $3, finished_at = $4 WHERE id = $1 AND finished_at IS NULL`,
    [id, JSON.stringify(progress), success, finishedAt],
  );
};

/**
 * Runs `work` unless another process is at this job. The lock is the session's: it goes with the process that dies.
 * @returns whether the work was done here.
 */
export const underJobLock = async (pool: Pool, id: string, work: () => Promise<void>): Promise<boolean> => {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    const key = `capture-job:${id}`;
    const { rows } = await client.query<{ got: boolean }>(
      'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS got',
      [key],
    );
    if (rows[0]?.got !== true) return false;
    try {
      await work();
    } finally {
      // A connection that cannot unlock is thrown away, and the lock with it.
      await client.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [key]).catch((error: unknown) => {
        broken = error as Error;
      });
    }
    return true;
  } finally {
    client.release(broken);
  }
};
