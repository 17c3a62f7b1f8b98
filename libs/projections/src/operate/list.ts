import { type EventLog, isSameLog } from '#event-log';
import type { Pool } from 'pg';
import { otherEpoch } from '../engine/consume-fenced.js';
import { lowest } from '../engine/bring-to.js';
import type { Projector } from '../port.js';
import { type Build, type BuildStatus, readBuilds } from '../store/builds.js';
import { type Checkpoint, type ConsumerState, readCheckpoints } from '../store/checkpoints.js';

/** How one build of a read model, or one reactor, is. */
export interface ConsumerStatus {
  kind: 'projection' | 'reactor';
  name: string;
  /** 0 for a reactor. */
  version: number;
  /** Checkpoint key: the schema of the build, or `reactor:{name}`. */
  consumer: string;
  /** Of a build; a reactor is always active. */
  status: BuildStatus;
  state: ConsumerState;
  reason: string | null;
  /** Lowest of its partitions; opaque. */
  position: string;
  behind: boolean;
  /** When the log recorded the last event it has worked on. */
  lastEventRecordTime: string | null;
  /** Age of the oldest event it has not worked on; 0 where there is none. */
  lagSeconds: number;
  /** Events it goes without for now. */
  parked: number;
  partitions: { index: number; of: number; position: string; state: ConsumerState }[];
}

const WORST: readonly ConsumerState[] = ['needs-rebuild', 'paused', 'failing', 'running'];

const worstOf = (rows: readonly Checkpoint[]): { state: ConsumerState; reason: string | null } => {
  const states = rows.map(({ state }) => WORST.indexOf(state));
  const state = WORST[Math.min(...states, WORST.length - 1)] ?? 'running';
  return { state, reason: rows.find((row) => row.state === state)?.reason ?? null };
};

/** Why nobody here keeps what readers see up to date; null where somebody does, or it is none of this release's business. */
const unknownVersion = (build: Build, projectors: readonly Projector[]): string | null => {
  const known = projectors.filter(({ name }) => name === build.projection).map(({ version }) => version);
  if (build.status !== 'active' || known.length === 0 || known.includes(build.version)) return null;
  return `this release works on version ${known.join(', ')}, not on ${build.version}: "projections rebuild ${build.projection}"`;
};

/**
 * @param projectors that this release knows: where it knows a read model, but not the version that readers see, that one
 *   needs a rebuild.
 * @returns every build that is not retired, and every reactor, by name.
 */
export const listConsumers = async (
  pool: Pool,
  log: EventLog,
  projectors: readonly Projector[] = [],
): Promise<ConsumerStatus[]> => {
  const [builds, identity, head] = await Promise.all([readBuilds(pool), log.identity(), log.head()]);
  const { rows: parkedRows } = await pool.query<{ schema: string; parked: number }>(
    `SELECT schema, count(*)::int AS parked FROM projections.parked WHERE status = 'parked' GROUP BY schema`,
  );
  const { rows: reactors } = await pool.query<{ consumer: string }>(
    `SELECT DISTINCT consumer FROM projections.checkpoints WHERE consumer LIKE 'reactor:%' ORDER BY consumer`,
  );
  const parked = new Map(parkedRows.map((row) => [row.schema, row.parked]));
  const lags = new Map<string, Promise<number>>();
  const lagAt = (position: string): Promise<number> => {
    const lag = lags.get(position) ?? oldestAfter(log, position);
    lags.set(position, lag);
    return lag;
  };
  const describe = async (
    base: Pick<ConsumerStatus, 'kind' | 'name' | 'version' | 'consumer' | 'status'>,
    why: string | null,
    outdated: string | null = null,
  ): Promise<ConsumerStatus> => {
    const rows = await readCheckpoints(pool, base.consumer);
    const other = rows.find((row) => !isSameLog(row.log, identity));
    const mustRebuild = other ? otherEpoch(other.log, identity) : outdated;
    const { state, reason } =
      mustRebuild === null ? worstOf(rows) : { state: 'needs-rebuild' as const, reason: mustRebuild };
    const position = lowest(rows);
    return {
      ...base,
      state,
      reason: reason ?? why,
      position,
      behind: position < head,
      lastEventRecordTime:
        rows.map((row) => row.lastRecordTime).sort((a, b) => ((a ?? '') < (b ?? '') ? 1 : -1))[0] ?? null,
      lagSeconds: position < head ? await lagAt(position) : 0,
      parked: parked.get(base.consumer) ?? 0,
      partitions: rows.map((row) => ({ ...row.partition, position: row.position, state: row.state })),
    };
  };
  return Promise.all([
    ...builds
      .filter(({ status }) => status !== 'retired')
      .map((build) => {
        const { schema, projection, version, status, reason } = build;
        const outdated = unknownVersion(build, projectors);
        return describe({ kind: 'projection', name: projection, version, consumer: schema, status }, reason, outdated);
      }),
    ...reactors.map(({ consumer }) =>
      describe(
        { kind: 'reactor', name: consumer.slice('reactor:'.length), version: 0, consumer, status: 'active' },
        null,
      ),
    ),
  ]);
};

const oldestAfter = async (log: EventLog, position: string): Promise<number> => {
  const oldest = (await log.readAll({ after: position, max: 1 })).events[0];
  return oldest ? Math.max(0, (Date.now() - Date.parse(oldest.recordTime)) / 1000) : 0;
};
