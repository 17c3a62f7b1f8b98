import pg from 'pg';

/** How far the log is, and how far the least advanced read model or reactor. */
export interface Standing {
  head: string;
  lowest: string;
  /** Consumers that are not running, with their reasons. */
  troubled: string[];
  behind: string[];
}

const CONSUMERS = `
SELECT c.consumer, min(c.position) AS position, max(c.state) FILTER (WHERE c.state <> 'running') AS state, max(c.reason) AS reason
FROM projections.checkpoints c
WHERE c.consumer LIKE 'reactor:%' OR c.consumer IN (SELECT schema FROM projections.active)
GROUP BY c.consumer ORDER BY c.consumer`;

/** Looks at PostgreSQL itself, by a way that no fault is on. @returns undefined where it does not answer. */
export const createWatch = (databaseUrl: string): { look(): Promise<Standing | undefined>; close(): Promise<void> } => {
  const pool = new pg.Pool({
    ...{ connectionString: databaseUrl, max: 1, connectionTimeoutMillis: 1_500, query_timeout: 1_500 },
    application_name: 'chaos-watch',
  });
  pool.on('error', () => undefined);
  return {
    look: async () => {
      try {
        const { rows: heads } = await pool.query<{ head: string }>(
          `SELECT lpad(position::text, 16, '0') AS head FROM log.tail`,
        );
        const { rows } = await pool.query<{ consumer: string; position: string; state: string | null; reason: string }>(
          CONSUMERS,
        );
        const head = heads[0]?.head ?? '';
        return {
          head,
          lowest: rows.map(({ position }) => position).sort()[0] ?? '',
          troubled: rows.flatMap(({ consumer, state, reason }) => (state ? [`${consumer}: ${state}, ${reason}`] : [])),
          behind: rows.flatMap(({ consumer, position }) => (position < head ? [`${consumer} at ${position}`] : [])),
        };
      } catch {
        return undefined;
      }
    },
    close: () => pool.end(),
  };
};

interface Open {
  name: string;
  since: number;
  /** The head of the log when it happened. */
  head: string;
  answered: boolean;
}

/** From a fault until clients are answered again and every read model has passed what the log held when it happened. */
export const createRecoveries = (now: () => number = () => performance.now()) => {
  const open = new Set<Open>();
  const durations = new Map<string, number[]>();
  return {
    began: (name: string, head: string): void => void open.add({ name, since: now(), head, answered: false }),
    answered: (): void => {
      for (const one of open) one.answered = true;
    },
    reached: (lowest: string): void => {
      for (const one of open) {
        if (!one.answered || lowest < one.head) continue;
        open.delete(one);
        durations.set(one.name, [...(durations.get(one.name) ?? []), Math.round(now() - one.since)]);
      }
    },
    durations: (): ReadonlyMap<string, readonly number[]> => durations,
    unrecovered: (): string[] => [...open].map(({ name }) => name),
  };
};

/** Who stood still, and for how long at most: what keeps everybody waiting though nothing is lost by it. */
export const createStandstills = (now: () => number = () => performance.now()) => {
  const since = new Map<string, { at: string; since: number }>();
  const longest = new Map<string, number>();
  return {
    /** @param behind who is behind, with where it stands (`genealogy_v1 at 17`), at this moment. */
    look: (behind: readonly string[]): void => {
      const standing = new Map(behind.map((text) => [text.split(' ')[0] ?? text, text]));
      for (const name of since.keys()) if (!standing.has(name)) since.delete(name);
      for (const [name, at] of standing) {
        const before = since.get(name);
        if (before?.at !== at) since.set(name, { at, since: now() });
        else longest.set(name, Math.max(longest.get(name) ?? 0, now() - before.since));
      }
    },
    /** Those that stood for longer than so many milliseconds, the longest first. */
    over: (ms: number): [name: string, ms: number][] =>
      [...longest].filter(([, stood]) => stood > ms).sort(([, a], [, b]) => b - a),
  };
};
