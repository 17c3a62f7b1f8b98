import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createProjectionOperations, type ProjectionOperations, type Projector } from './index.js';
import { createPlant, type Plant, tallied, tallyProjector } from './specs/tally.spec.js';

const WAIT = 10_000;
const EVENTS = 60;

/** Version 2 has a column more. */
const publishing = (version: 1 | 2): Projector => ({
  ...tallyProjector({ version }),

  publishes: (s) => ({
    entries: `SELECT stream, amount, '${s}'::text AS build${version === 2 ? ', amount * 2 AS twice' : ''} FROM ${s}.entries`,
  }),
});

describe('views for other tools', () => {
  let plant: Plant;
  beforeEach(async () => {
    plant = await createPlant();
    await plant.append(
      ...Array.from({ length: EVENTS }, (_, i): [string, ReturnType<typeof tallied>[]] => [`s-${i % 7}`, [tallied(1)]]),
    );
  });
  afterEach(() => plant.close());

  const operationsFor = (...projectors: Projector[]): ProjectionOperations =>
    createProjectionOperations({
      pool: plant.pool,
      log: plant.log,
      projectors,
      partitionOf: (event, of) => plant.bus.partitionOf(event, of),
      keyOf: (event) => plant.bus.keyOf(event),
    });

  const started = async (...projectors: Projector[]) => {
    const runner = plant.runner(projectors);
    await runner.start();
    await runner.reader.waitFor('tally', await plant.log.head(), WAIT);
    return runner;
  };

  const SUMMARY = `SELECT count(*)::int AS n, array_agg(DISTINCT build) AS builds FROM lotline_public.entries`;
  const summary = async (db: { query: Plant['pool']['query'] } = plant.pool) => (await db.query(SUMMARY)).rows[0];
  const columns = async () =>
    (
      await plant.pool.query(
        `SELECT column_name, data_type FROM information_schema.columns
          WHERE table_schema = 'lotline_public' AND table_name = 'entries' ORDER BY ordinal_position`,
      )
    ).rows.map((row) => `${row.column_name} ${row.data_type}`);

  it('show one whole build to every query through rebuild, acceptance and rollback', async () => {
    const [v1, v2] = [publishing(1), publishing(2)];
    await started(v1, v2);
    // The newest version is built first where there was none.
    expect(await summary()).toEqual({ n: EVENTS, builds: ['tally_v2'] });
    const operations = operationsFor(v1, v2);
    const reading = { on: true };
    const seen = new Set<string>();
    const reader = (async () => {
      while (reading.on) seen.add(JSON.stringify(await summary()));
    })();
    expect(await operations.rebuild('tally')).toMatchObject({ outcome: 'switched', schema: 'tally_v2_r2' });
    expect(await summary()).toEqual({ n: EVENTS, builds: ['tally_v2_r2'] });
    expect(await operations.rebuild('tally', { version: 1 })).toMatchObject({ outcome: 'ready', schema: 'tally_v1' });
    expect(await summary()).toEqual({ n: EVENTS, builds: ['tally_v2_r2'] });
    await operations.accept('tally');
    expect(await summary()).toEqual({ n: EVENTS, builds: ['tally_v1'] });
    const { rows } = await plant.pool.query('SELECT DISTINCT twice FROM lotline_public.entries');
    expect(rows).toEqual([{ twice: null }]);
    await operations.rollback('tally');
    expect(await summary()).toEqual({ n: EVENTS, builds: ['tally_v2_r2'] });
    reading.on = false;
    await reader;
    const { rows: plan } = await plant.pool.query(
      'EXPLAIN (ANALYZE, TIMING OFF, COSTS OFF) SELECT * FROM lotline_public.entries',
    );
    const scans = plan.map((row) => String(row['QUERY PLAN'])).filter((line) => line.includes('Scan on entries'));
    // Of three builds only the one that readers see is read.
    expect([scans.length, scans.filter((line) => line.includes('never executed')).length]).toEqual([3, 2]);
    for (const each of seen) expect(JSON.parse(each)).toEqual({ n: EVENTS, builds: [expect.any(String)] });

    await operations.retire('tally', 'tally_v1', { graceMs: 0 });
    await operations.retire('tally', 'tally_v2', { graceMs: 0 });
    expect(await summary()).toEqual({ n: EVENTS, builds: ['tally_v2_r2'] });
    expect(await columns()).toEqual(['stream text', 'amount numeric', 'build text', 'twice numeric']);
  });

  it('let a transaction finish on the build it began with, and are switched while it reads', async () => {
    const projector = publishing(1);
    await started(projector);
    const operations = operationsFor(projector);
    const client = await plant.pool.connect();
    try {
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      await client.query('SELECT 1 FROM projections.active');
      // It holds the snapshot but no view yet: the new one is made, filled and switched to meanwhile.
      expect(await operations.rebuild('tally')).toMatchObject({ outcome: 'switched', schema: 'tally_v1_r2' });
      expect(await summary(client)).toEqual({ n: EVENTS, builds: ['tally_v1'] });
      expect(await summary()).toEqual({ n: EVENTS, builds: ['tally_v1_r2'] });
      // Now it holds the view itself: a switch waits for nobody.
      await operations.rollback('tally');
      expect(await summary()).toEqual({ n: EVENTS, builds: ['tally_v1'] });
      await client.query('ROLLBACK');

      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      await client.query('SELECT 1 FROM projections.active');
      await operations.rollback('tally');
      await operations.retire('tally', 'tally_v1', { graceMs: 0 });
      await expect(summary(client)).rejects.toThrow(
        'lotline_public.entries no longer has tally_v1: begin a new transaction',
      );
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
  });

  it('are retired from only when no query holds them, and say so', async () => {
    const projector = publishing(1);
    await started(projector);
    const operations = operationsFor(projector);
    await operations.rebuild('tally');
    const client = await plant.pool.connect();
    try {
      await client.query('BEGIN');
      await summary(client);
      await expect(operations.retire('tally', 'tally_v1', { graceMs: 0 })).rejects.toMatchObject({
        kind: 'refused',
        code: 'views-in-use',
      });
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
    expect(await summary()).toEqual({ n: EVENTS, builds: ['tally_v1_r2'] });
    await operations.retire('tally', 'tally_v1', { graceMs: 0 });
    expect(await summary()).toEqual({ n: EVENTS, builds: ['tally_v1_r2'] });
  }, 30_000);

  it('need USAGE on the schema and SELECT on the view, nothing else, also after a rebuild', async () => {
    const projector = publishing(1);
    await started(projector);
    const role = `analyst_${Date.now()}`;
    await plant.pool.query(`CREATE ROLE ${role}`);
    await plant.pool.query(`GRANT USAGE ON SCHEMA lotline_public TO ${role}`);
    await plant.pool.query(`GRANT SELECT ON ALL TABLES IN SCHEMA lotline_public TO ${role}`);
    await operationsFor(projector).rebuild('tally');
    const client = await plant.pool.connect();
    try {
      await client.query(`SET ROLE ${role}`);
      expect(await summary(client)).toEqual({ n: EVENTS, builds: ['tally_v1_r2'] });
      for (const forbidden of ['tally_v1_r2.entries', 'tally_v1_r2.public_entries', 'projections.active'])
        await expect(client.query(`SELECT FROM ${forbidden}`)).rejects.toThrow('permission denied');
      await expect(client.query('DELETE FROM lotline_public.entries')).rejects.toThrow();
    } finally {
      await client.query('RESET ROLE');
      client.release();
      await plant.pool.query(`DROP OWNED BY ${role}`);
      await plant.pool.query(`DROP ROLE ${role}`);
    }
  });

  it('appear at the start of a release that publishes what an earlier one built', async () => {
    const before = await started(tallyProjector());
    await before.stop();
    await started(publishing(1));
    expect(await summary()).toEqual({ n: EVENTS, builds: ['tally_v1'] });
  });

  it('refuse a version that gives a column another type: what readers see stays as it was', async () => {
    const v1 = publishing(1);
    await started(v1);
    const v2: Projector = {
      ...publishing(2),
      publishes: (s) => ({ entries: `SELECT stream, amount::text AS amount FROM ${s}.entries` }),
    };
    await expect(operationsFor(v1, v2).rebuild('tally')).rejects.toThrow(
      /UNION types numeric and text|data type of view column/,
    );
    expect(await summary()).toEqual({ n: EVENTS, builds: ['tally_v1'] });
    expect(await columns()).toEqual(['stream text', 'amount numeric', 'build text']);
  });
});
