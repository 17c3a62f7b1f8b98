import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import { LotlineError } from '#kernel';
import { StoredAnswer } from './stored-answer.js';

export interface KeyedRequest {
  /** Keys of one caller are not another's. */
  subject: string;
  key: string;
  /** Method, path and body. */
  requestHash: string;
}

export interface Claim extends KeyedRequest {
  claim: string;
}

export interface IdempotencyTimes {
  /** How long an answer is kept. */
  keptMs: number;
  /** After this a request without an answer counts as dead and the next one with its key takes over. */
  claimMs: number;
}

// An expired row, or one whose request died, is taken over; ids of events derive from the key, so that even a request
// that only seemed dead appends nothing twice.
const CLAIM = `
  INSERT INTO platform.idempotency AS i (subject, key, request_hash, claim, claimed_until, expires_at)
  VALUES ($1, $2, $3, $4, now() + $5 * interval '1 ms', now() + $6 * interval '1 ms')
  ON CONFLICT (subject, key) DO UPDATE
    SET request_hash = excluded.request_hash, claim = excluded.claim, claimed_until = excluded.claimed_until,
        expires_at = excluded.expires_at, status = NULL, headers = NULL, body = NULL
    WHERE i.expires_at <= now()
       OR (i.status IS NULL AND i.claimed_until <= now() AND i.request_hash = excluded.request_hash)
  RETURNING claim`;

const LOOK = `
  SELECT request_hash, status, headers, body FROM platform.idempotency WHERE subject = $1 AND key = $2`;

/**
 * Claims the key for this request, or waits for the request that holds it.
 * @throws StoredAnswer what was answered before; LotlineError `conflict` where the key came with another request.
 */
export const claimKey = async (pool: Pool, request: KeyedRequest, times: IdempotencyTimes): Promise<Claim> => {
  const { subject, key, requestHash } = request;
  for (let wait = 10; ; wait = Math.min(wait * 2, 250)) {
    const claim = randomUUID();
    const { rows: claimed } = await pool.query<{ claim: string }>(CLAIM, [
      subject,
      key,
      requestHash,
      claim,
      times.claimMs,
      times.keptMs,
    ]);
    if (claimed.length > 0) return { ...request, claim };
    const { rows } = await pool.query<{
      request_hash: string;
      status: number | null;
      headers: Record<string, string>;
      body: string;
    }>(LOOK, [subject, key]);
    const [held] = rows;
    if (held && held.request_hash !== requestHash)
      throw new LotlineError(
        'conflict',
        'idempotency-key-reused',
        'this Idempotency-Key was used for another request (method, path or body differ)',
      );
    if (held?.status != null) throw new StoredAnswer(held.status, held.headers, held.body);
    // The other request is at work; it answers, lets go, or its claim runs out.
    await sleep(wait);
  }
};

export const keepAnswer = async (
  pool: Pool,
  claim: Claim,
  answer: { status: number; headers: Readonly<Record<string, string>>; body: string },
): Promise<void> => {
  await pool.query(
    `UPDATE platform.idempotency SET status = $4, headers = $5, body = $6
      WHERE subject = $1 AND key = $2 AND claim = $3`,
    [claim.subject, claim.key, claim.claim, answer.status, JSON.stringify(answer.headers), answer.body],
  );
};

/** The request came to nothing: the key may be used again at once. */
export const releaseKey = async (pool: Pool, claim: Claim): Promise<void> => {
  await pool.query(
    `DELETE FROM platform.idempotency WHERE subject = $1 AND key = $2 AND claim = $3 AND status IS NULL`,
    [claim.subject, claim.key, claim.claim],
  );
};

/** @returns how many answers had run out. */
export const dropExpired = async (pool: Pool): Promise<number> =>
  (await pool.query(`DELETE FROM platform.idempotency WHERE expires_at <= now()`)).rowCount ?? 0;
