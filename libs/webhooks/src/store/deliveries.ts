import type { Pool } from 'pg';

export type DeliveryState = 'waiting' | 'delivered' | 'dead';

export interface Attempt {
  at: Date;
  /** HTTP status; null where there was no answer. */
  status: number | null;
  /** Null where it was delivered; 200 characters at most. */
  error: string | null;
}

export interface Delivery {
  /** `webhook-id` of its messages. */
  id: string;
  endpoint: string;
  event: string;
  type: string;
  /** The event's, in the log. */
  position: string;
  state: DeliveryState;
  /** The next attempt; null where there is none. */
  nextAt: Date | null;
  /** The latest ten, the last one last. */
  attempts: Attempt[];
}

/** An event to be told, and what it is about: compared with what endpoints want. */
export interface ToTell {
  id: string;
  type: string;
  position: string;
  about: string | null;
  body: string;
}

export interface DueDelivery {
  id: string;
  body: string;
  attempts: number;
  failures: number;
}

/** What one attempt came to. */
export interface Settled {
  state: DeliveryState;
  status: number | null;
  error: string | null;
  /** Until the next attempt, where it waits. */
  pauseMs: number;
  /** In a row, this one included. */
  failures: number;
}

interface Row {
  id: string;
  endpoint: string;
  event: string;
  type: string;
  position: string;
  state: DeliveryState;
  next_at: Date | null;
  attempts: (Omit<Attempt, 'at'> & { at: string })[] | null;
}

const deliveryOf = ({ next_at, attempts, ...row }: Row): Delivery => ({
  ...row,
  nextAt: next_at,
  attempts: (attempts ?? []).map((attempt) => ({ ...attempt, at: new Date(attempt.at) })),
});

/** What a context has to tell, told, and gave up telling, in its own tables. */
export const deliveryStore = (pool: Pool, s: string) => {
  // One statement: rows and what made them stand or fall together. Endpoints are those that can be seen by now.
  const TELL = `
    INSERT INTO ${s}.deliveries (id, endpoint, event, type, position, body)
    SELECT md5(t.id::text || ':' || e.id::text)::uuid, e.id, t.id, t.type, t.position, t.body
    FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[]) AS t(id, type, position, about, body)
    JOIN ${s}.endpoints e ON t.position > e.since COLLATE "C" AND (e.wants IS NULL OR t.about = ANY (e.wants))
    ORDER BY e.id, t.id
    ON CONFLICT (id) DO NOTHING RETURNING endpoint`;

  // A sender that was taken for dead may come back: what it delivered is delivered, what it failed with does not count.
  const SETTLE = `
    WITH settled AS (
      UPDATE ${s}.deliveries SET state = $3, attempts = attempts + 1, failures = $6, next_at = now() + $7 * interval '1 ms'
      WHERE id = $1 AND state <> 'delivered' AND (attempts = $2 OR $3 = 'delivered') RETURNING id, attempts
    )
    INSERT INTO ${s}.attempts (delivery, number, status, error) SELECT id, attempts, $4, $5 FROM settled`;

  const LIST = `
    SELECT d.id, d.endpoint, d.event, d.type, d.position, d.state,
      CASE WHEN d.state = 'waiting' THEN d.next_at END AS next_at,
      (SELECT json_agg(json_build_object('at', a.at, 'status', a.status, 'error', a.error) ORDER BY a.number)
       FROM ${s}.attempts a WHERE a.delivery = d.id AND a.number > d.attempts - 10) AS attempts
    FROM ${s}.deliveries d
    WHERE ($1::text IS NULL OR d.state = $1) AND ($2::uuid IS NULL OR d.endpoint = $2)
      AND ($3::text IS NULL OR (d.position, d.id::text) > ($3, $4))
    ORDER BY d.position, d.id LIMIT $5`;

  return {
    /** @returns the endpoints that have something new to be told. */
    tell: async (events: readonly ToTell[]): Promise<string[]> => {
      const { rows } = await pool.query<{ endpoint: string }>(TELL, [
        events.map(({ id }) => id),
        events.map(({ type }) => type),
        events.map(({ position }) => position),
        events.map(({ about }) => about),
        events.map(({ body }) => body),
      ]);
      return [...new Set(rows.map(({ endpoint }) => endpoint))];
    },

    /** The first in the order of the log that is due. */
    due: async (endpoint: string): Promise<DueDelivery | undefined> => {
      const { rows } = await pool.query<DueDelivery>(
        `SELECT id, body, attempts, failures FROM ${s}.deliveries
         WHERE endpoint = $1 AND state = 'waiting' AND next_at <= now() ORDER BY position, id LIMIT 1`,
        [endpoint],
      );
      return rows[0];
    },

    settle: async (
      id: string,
      attempts: number,
      { state, status, error, failures, pauseMs }: Settled,
    ): Promise<void> => {
      await pool.query(SETTLE, [id, attempts, state, status, error?.slice(0, 200) ?? null, failures, pauseMs]);
    },

    nextAt: async (endpoint: string): Promise<Date | undefined> => {
      const { rows } = await pool.query<{ at: Date | null }>(
        `SELECT min(next_at) AS at FROM ${s}.deliveries WHERE endpoint = $1 AND state = 'waiting'`,
        [endpoint],
      );
      return rows[0]?.at ?? undefined;
    },

    /** Endpoints that have something due and nobody who sends to them, in any order: those that cannot go on keep no other back. */
    endpointsDue: async (limit: number): Promise<string[]> => {
      const { rows } = await pool.query<{ id: string }>(
        `SELECT e.id FROM ${s}.endpoints e
         WHERE e.disabled_at IS NULL AND (e.sending_until IS NULL OR e.sending_until < now())
           AND EXISTS (SELECT FROM ${s}.deliveries d WHERE d.endpoint = e.id AND d.state = 'waiting' AND d.next_at <= now())
         ORDER BY random() LIMIT $1`,
        [limit],
      );
      return rows.map(({ id }) => id);
    },

    /** How many wait and how many are dead. */
    count: async (): Promise<{ waiting: number; dead: number }> => {
      const { rows } = await pool.query<{ waiting: number; dead: number }>(
        `SELECT (SELECT count(*)::int FROM ${s}.deliveries WHERE state = 'waiting') AS waiting,
                (SELECT count(*)::int FROM ${s}.deliveries WHERE state = 'dead') AS dead`,
      );
      return rows[0] ?? { waiting: 0, dead: 0 };
    },

    /** In the order of the log. */
    list: async (
      { state, endpoint }: { state?: DeliveryState | undefined; endpoint?: string | undefined },
      after: readonly (string | null)[],
      limit: number,
    ): Promise<Delivery[]> => {
      const { rows } = await pool.query<Row>(LIST, [state ?? null, endpoint ?? null, ...after, limit]);
      return rows.map(deliveryOf);
    },

    /** Due now, with all its attempts before it; one that was delivered is sent once more. @returns its endpoint. */
    retry: async (id: string): Promise<string | undefined> => {
      const { rows } = await pool.query<{ endpoint: string }>(
        `UPDATE ${s}.deliveries SET state = 'waiting', failures = 0, next_at = now() WHERE id = $1 RETURNING endpoint`,
        [id],
      );
      return rows[0]?.endpoint;
    },

    /** All that waits for the endpoint becomes due now, with all its attempts before it. */
    hurry: async (endpoint: string): Promise<void> => {
      await pool.query(
        `UPDATE ${s}.deliveries SET failures = 0, next_at = now() WHERE endpoint = $1 AND state = 'waiting'`,
        [endpoint],
      );
    },
  };
};

export type DeliveryStore = ReturnType<typeof deliveryStore>;
