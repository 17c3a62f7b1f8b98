import type { Pool } from 'pg';

export interface Endpoint {
  id: string;
  url: string;
  description: string | null;
  /** Canonical ids of what it is told of; null: of everything. */
  only: string[] | null;
  /** Told of what the log has after this position. */
  since: string;
  createdBy: string;
  createdAt: Date;
  /** Nothing is sent while it is disabled; what happens meanwhile waits. */
  disabled: { at: Date; because: string } | null;
  /** Deliveries. */
  waiting: number;
  dead: number;
}

interface Row {
  id: string;
  url: string;
  description: string | null;
  only: string[] | null;
  since: string;
  created_by: string;
  created_at: Date;
  disabled_at: Date | null;
  disabled_because: string | null;
  waiting: number;
  dead: number;
}

const endpointOf = (row: Row): Endpoint => ({
  ...{ id: row.id, url: row.url, description: row.description, only: row.only, since: row.since },
  ...{ createdBy: row.created_by, createdAt: row.created_at, waiting: row.waiting, dead: row.dead },
  disabled: row.disabled_at && { at: row.disabled_at, because: row.disabled_because ?? '' },
});

/** Sealed, the present one first. */
export type SealedSecrets = readonly Buffer[];

const sealedOf = (row: { secret: Buffer; former_secret: Buffer | null }): SealedSecrets =>
  row.former_secret ? [row.secret, row.former_secret] : [row.secret];

export interface NewEndpoint {
  id: string;
  url: string;
  description: string | null;
  only: readonly string[] | null;
  since: string;
  secret: Buffer;
  createdBy: string;
}

/** Whom a context tells, in its own tables. */
export const endpointStore = (pool: Pool, s: string) => {
  const SELECT = `
    SELECT e.id, e.url, e.description, e.wants AS "only", e.since, e.created_by, e.created_at, e.disabled_at, e.disabled_because,
      (SELECT count(*)::int FROM ${s}.deliveries d WHERE d.endpoint = e.id AND d.state = 'waiting') AS waiting,
      (SELECT count(*)::int FROM ${s}.deliveries d WHERE d.endpoint = e.id AND d.state = 'dead') AS dead
    FROM ${s}.endpoints e`;
  const changed = async (sql: string, values: readonly unknown[]): Promise<boolean> =>
    ((await pool.query(sql, [...values])).rowCount ?? 0) > 0;

  return {
    /** @returns false where it is there already; it stays as it is. */
    add: ({ id, url, description, only, since, secret, createdBy }: NewEndpoint): Promise<boolean> =>
      changed(
        `INSERT INTO ${s}.endpoints (id, url, description, wants, since, secret, created_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING`,
        [id, url, description, only, since, secret, createdBy],
      ),

    raiseSince: (id: string, since: string): Promise<boolean> =>
      changed(`UPDATE ${s}.endpoints SET since = greatest(since, $2) WHERE id = $1`, [id, since]),

    read: async (id: string): Promise<Endpoint | undefined> => {
      const { rows } = await pool.query<Row>(`${SELECT} WHERE e.id = $1`, [id]);
      return rows[0] && endpointOf(rows[0]);
    },

    /** By age. @param after time of creation as JSON writes it, and id: whatever text it is, it is compared only. */
    list: async (after: readonly (string | null)[], limit: number): Promise<Endpoint[]> => {
      const { rows } = await pool.query<Row>(
        `${SELECT} CROSS JOIN LATERAL (SELECT to_char(date_trunc('milliseconds', e.created_at) AT TIME ZONE 'UTC',
           'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') COLLATE "C" AS created) t
         WHERE $1::text IS NULL OR (t.created, e.id::text) > ($1, $2) ORDER BY t.created, e.id LIMIT $3`,
        [...after, limit],
      );
      return rows.map(endpointOf);
    },

    /** With all its deliveries. */
    remove: (id: string): Promise<boolean> => changed(`DELETE FROM ${s}.endpoints WHERE id = $1`, [id]),

    secrets: async (id: string): Promise<SealedSecrets | undefined> => {
      const { rows } = await pool.query<{ secret: Buffer; former_secret: Buffer | null }>(
        `SELECT secret, CASE WHEN former_until > now() THEN former_secret END AS former_secret
         FROM ${s}.endpoints WHERE id = $1`,
        [id],
      );
      return rows[0] && sealedOf(rows[0]);
    },

    /** The present secret becomes the former one for a while. @param rotation the request; repeated, it changes nothing. */
    rotate: (id: string, secret: Buffer, rotation: string, overlapMs: number): Promise<boolean> =>
      changed(
        `UPDATE ${s}.endpoints SET former_secret = secret, former_until = now() + $4 * interval '1 ms', secret = $2, rotation = $3
         WHERE id = $1 AND rotation IS DISTINCT FROM $3`,
        [id, secret, rotation, overlapMs],
      ),

    disable: (id: string, because: string): Promise<boolean> =>
      changed(
        `UPDATE ${s}.endpoints SET disabled_at = now(), disabled_because = $2 WHERE id = $1 AND disabled_at IS NULL`,
        [id, because],
      ),

    enable: (id: string): Promise<boolean> =>
      changed(
        `UPDATE ${s}.endpoints SET disabled_at = NULL, disabled_because = NULL, failed = 0,
           sending_until = CASE WHEN sender IS NOT NULL THEN sending_until END WHERE id = $1`,
        [id],
      ),

    /**
     * Takes, or keeps, the right to send to it: one sender at a time, whichever process, and not while it is left alone.
     * @returns undefined where it is gone, disabled, left alone, or another sender's.
     */
    claim: async (
      id: string,
      sender: string,
      leaseMs: number,
    ): Promise<{ url: string; failed: number; secrets: SealedSecrets } | undefined> => {
      const { rows } = await pool.query<{ url: string; failed: number; secret: Buffer; former_secret: Buffer | null }>(
        `UPDATE ${s}.endpoints SET sender = $2, sending_until = now() + $3 * interval '1 ms'
         WHERE id = $1 AND disabled_at IS NULL AND (sender = $2 OR sending_until IS NULL OR sending_until < now())
         RETURNING url, failed, secret, CASE WHEN former_until > now() THEN former_secret END AS former_secret`,
        [id, sender, leaseMs],
      );
      return rows[0] && { url: rows[0].url, failed: rows[0].failed, secrets: sealedOf(rows[0]) };
    },

    /**
     * @param failed attempts in a row that failed by now.
     * @param pauseMs how long it is left alone by everybody; 0: not at all.
     */
    letGo: async (id: string, sender: string, failed: number, pauseMs: number): Promise<void> => {
      await pool.query(
        `UPDATE ${s}.endpoints SET sender = NULL, failed = $3,
           sending_until = CASE WHEN $4::int > 0 THEN now() + $4 * interval '1 ms' END WHERE id = $1 AND sender = $2`,
        [id, sender, failed, pauseMs],
      );
    },
  };
};

export type EndpointStore = ReturnType<typeof endpointStore>;
