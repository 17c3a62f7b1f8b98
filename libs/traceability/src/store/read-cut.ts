import type { Queryable } from './unnest.js';

const LAST_BEFORE = (s: string): string => `
SELECT max(at) AS position FROM (
  (SELECT recorded_at AS at FROM ${s}.facts WHERE record_time <= $1 ORDER BY record_time DESC, recorded_at DESC LIMIT 1)
  UNION ALL (SELECT max(recorded_at) FROM ${s}.statements WHERE record_time <= $1)
) x`;

/** Position of the last event this model knew at a record time; '' where it knew none. */
export const positionAt = async (client: Queryable, schema: string, recordTime: string): Promise<string> =>
  (await client.query<{ position: string | null }>(LAST_BEFORE(schema), [recordTime])).rows[0]?.position ?? '';

const LAST_RECORDED = (s: string): string => `
SELECT max(at) AS time FROM (
  (SELECT record_time AS at FROM ${s}.facts WHERE recorded_at <= $1 ORDER BY record_time DESC, recorded_at DESC LIMIT 1)
  UNION ALL (SELECT max(record_time) FROM ${s}.statements WHERE recorded_at <= $1)
) x`;

/** Record time of the last event this model knew at a position; undefined where it knew none. Record time never goes back. */
export const recordTimeAt = async (client: Queryable, schema: string, position: string): Promise<Date | undefined> =>
  (await client.query<{ time: Date | null }>(LAST_RECORDED(schema), [position])).rows[0]?.time ?? undefined;
