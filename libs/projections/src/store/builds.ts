import type { Pool, PoolClient } from 'pg';
import { withdrawViews } from './public-views.js';

/**
 * building: a rebuild fills it; ready: a new version, kept up to date, waits for the operator; active: readers see it;
 * standby: readers saw it, kept up to date so that one can go back; failed: not to be used, kept to be looked at;
 * retired: its tables are gone.
 */
export type BuildStatus = 'building' | 'ready' | 'active' | 'standby' | 'failed' | 'retired';

/** Builds that workers keep up to date. */
export const LIVE: readonly BuildStatus[] = ['active', 'ready', 'standby'];

/** One set of tables of one version of a read model. */
export interface Build {
  schema: string;
  projection: string;
  version: number;
  status: BuildStatus;
  reason: string | null;
  changedAt: Date;
}

export interface Active {
  schema: string;
  version: number;
  /** What readers saw before. */
  previous: string | null;
}

interface Row {
  schema: string;
  projection: string;
  version: number;
  status: BuildStatus;
  reason: string | null;
  changed_at: Date;
}

const fromRow = ({ changed_at, ...row }: Row): Build => ({ ...row, changedAt: changed_at });

export const readBuilds = async (
  db: Pool | PoolClient,
  projection?: string,
  statuses?: readonly BuildStatus[],
): Promise<Build[]> => {
  const { rows } = await db.query<Row>(
    `SELECT schema, projection, version, status, reason, changed_at FROM projections.builds
      WHERE ($1::text IS NULL OR projection = $1) AND ($2::text[] IS NULL OR status = ANY ($2))
      ORDER BY projection, version, created_at, schema`,
    [projection ?? null, statuses ?? null],
  );
  return rows.map(fromRow);
};

export const readActive = async (db: Pool | PoolClient, projection: string): Promise<Active | undefined> => {
  const { rows } = await db.query<Active>(
    'SELECT schema, version, previous FROM projections.active WHERE projection = $1',
    [projection],
  );
  return rows[0];
};

/** Lets one process at a time create, switch or drop builds of a projection; held until the transaction ends. */
export const lockProjection = async (client: PoolClient, projection: string): Promise<void> => {
  await client.query(`SELECT pg_advisory_xact_lock(hashtextextended('lotline.projection.' || $1, 0))`, [projection]);
};

/** Names a schema that never existed and creates it: `{name}_v{version}`, then `{name}_v{version}_r2` … */
export const createBuild = async (
  client: PoolClient,
  projection: string,
  version: number,
  status: BuildStatus,
): Promise<Build> => {
  const { rows: earlier } = await client.query(
    'SELECT FROM projections.builds WHERE projection = $1 AND version = $2',
    [projection, version],
  );
  const base = `${projection}_v${version}`;
  const schema = earlier.length === 0 ? base : `${base}_r${earlier.length + 1}`;
  const { rows } = await client.query<Row>(
    `INSERT INTO projections.builds (schema, projection, version, status) VALUES ($1, $2, $3, $4)
     RETURNING schema, projection, version, status, reason, changed_at`,
    [schema, projection, version, status],
  );
  await client.query(`CREATE SCHEMA ${schema}`);
  const row = rows[0];
  if (row === undefined) throw new Error(`build ${schema} was not recorded`);
  return fromRow(row);
};

export const setBuildStatus = async (
  db: Pool | PoolClient,
  schema: string,
  status: BuildStatus,
  reason?: string,
): Promise<void> => {
  await db.query('UPDATE projections.builds SET status = $2, reason = $3, changed_at = now() WHERE schema = $1', [
    schema,
    status,
    reason ?? null,
  ]);
};

/** Readers see this build from the commit on; the one they saw before is kept up to date. */
export const activate = async (client: PoolClient, build: Build): Promise<void> => {
  const before = await readActive(client, build.projection);
  if (before) await setBuildStatus(client, before.schema, 'standby');
  await setBuildStatus(client, build.schema, 'active');
  await client.query(
    `INSERT INTO projections.active (projection, schema, version) VALUES ($1, $2, $3)
     ON CONFLICT (projection) DO UPDATE
       SET schema = excluded.schema, version = excluded.version, previous = projections.active.schema, switched_at = now()`,
    [build.projection, build.schema, build.version],
  );
};

/** Drops the tables and everything kept about them but the record that the schema existed. */
export const dropBuild = async (client: PoolClient, schema: string): Promise<void> => {
  const { rows } = await client.query<{ projection: string }>(
    'SELECT projection FROM projections.builds WHERE schema = $1',
    [schema],
  );
  if (rows[0]) await withdrawViews(client, rows[0].projection, schema);
  await client.query('DELETE FROM projections.checkpoints WHERE consumer = $1', [schema]);
  await client.query('DELETE FROM projections.parked WHERE schema = $1', [schema]);
  await client.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
  await client.query('UPDATE projections.active SET previous = NULL WHERE previous = $1', [schema]);
  await setBuildStatus(client, schema, 'retired');
};
