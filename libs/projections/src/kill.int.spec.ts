import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { failAtStatement, hookStatements, stopAtStatement, WorkerKilled } from '#testkit';
import type { RecordedEvent } from '#contracts';
import type { Pool } from 'pg';
import { ensureFirstBuild } from './engine/first-build.js';
import { type Work, workBatch } from './engine/work-batch.js';
import { type Build, readBuilds } from './store/builds.js';
import { Fenced, readCheckpoint } from './store/checkpoints.js';
import { appliedIds, createPlant, type Plant, tallied, tallyProjector } from './specs/tally.spec.js';

const ALONE = { index: 0, of: 1 };
const projector = tallyProjector();

describe('a worker killed or stopped at a statement boundary', () => {
  let plant: Plant;
  let build: Build;
  let events: RecordedEvent[];

  beforeEach(async () => {
    plant = await createPlant();
    await ensureFirstBuild(plant.pool, projector, 1, await plant.log.identity());
    build = (await readBuilds(plant.pool, 'tally'))[0]!;
    // Two of them are poison, so that the ways of parking are walked too.
    await plant.append(
      ['s-1', [tallied(1), tallied(2, 'sql'), tallied(3)]],
      ['s-2', [tallied(4), tallied(5)]],
      ['s-3', [tallied(6, 'declared')]],
    );
    events = [...(await plant.log.readAll({})).events];
  });
  afterEach(() => plant.close());

  const streak = () => ({ failures: 0, limit: 10 });

  /** One batch, from wherever the checkpoint stands, as a worker that just started does it. */
  const workOn = async (pool: Pool): Promise<void> => {
    const from = (await readCheckpoint(pool, build.schema, ALONE))?.position ?? 'none';
    const to = { position: events.at(-1)!.position };
    if (from >= to.position) return;
    const work: Work = { pool, log: plant.log, build, projector, partition: ALONE };
    const rest = events.filter((event) => event.position > from);
    await workBatch(work, { from, to, events: rest, lastRecordTime: rest.at(-1)?.recordTime }, streak());
  };

  const state = async () => ({
    applied: (await appliedIds(plant.pool, build.schema)).sort(),
    chains: (await plant.pool.query(`SELECT * FROM ${build.schema}.chains ORDER BY stream`)).rows,
    incomplete: (await plant.pool.query(`SELECT event_id FROM ${build.schema}.incomplete ORDER BY 1`)).rows,
    parked: (await plant.pool.query('SELECT event_id, follows, attempts FROM projections.parked ORDER BY 1')).rows,
  });

  // DELETE, because TRUNCATE swaps files, which takes longer than these few rows.
  const clear = () =>
    plant.pool.query(`
      DELETE FROM ${build.schema}.entries; DELETE FROM ${build.schema}.chains; DELETE FROM ${build.schema}.incomplete;
      DELETE FROM projections.parked;
      UPDATE projections.checkpoints SET position = ''`);

  const statementsOfOneRun = async (): Promise<number> => {
    let n = 0;
    await workOn(hookStatements(plant.pool, { before: () => void (n += 1) }));
    return n;
  };

  it('leaves effects exactly once, wherever it is killed', async () => {
    const statements = await statementsOfOneRun();
    expect(statements).toBeGreaterThan(15);
    const expected = await state();
    expect(expected.applied).toHaveLength(3);
    expect(expected.parked).toHaveLength(3);
    for (const when of ['before', 'after'] as const)
      for (let n = 1; n <= statements; n++) {
        await clear();
        const death: unknown = await workOn(failAtStatement(plant.pool, n, when)).catch((error: unknown) => error);
        expect({ when, n, death }).toEqual({ when, n, death: expect.any(WorkerKilled) });
        await workOn(plant.pool);
        expect({ when, n, ...(await state()) }).toEqual({ when, n, ...expected });
      }
  });

  it('is fenced off by a second worker of the same partition, wherever it was stopped', async () => {
    const statements = await statementsOfOneRun();
    const expected = await state();
    for (let n = 1; n <= statements; n++) {
      await clear();
      const stopped = stopAtStatement(plant.pool, n);
      const first = workOn(stopped.pool).catch((error: unknown) => error);
      await stopped.reached;
      // Where the first holds the checkpoint, the second waits for it; else it does the work and the first finds it done.
      const second = workOn(plant.pool).catch((error: unknown) => error);
      const won = await Promise.race([second.then(() => true), isWaiting(plant.pool)]);
      stopped.release();
      const outcomes = (await Promise.all([first, second])).filter((outcome) => outcome !== undefined);
      for (const outcome of outcomes) expect(outcome).toBeInstanceOf(Fenced);
      expect({ n, won, ...(await state()) }).toEqual({ n, won, ...expected });
    }
  });
});

/** Resolves with false once a backend of this database waits for a lock. */
const isWaiting = async (pool: Pool): Promise<false> => {
  for (;;) {
    const { rows } = await pool.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    if (rows[0]?.n) return false;
    await new Promise(setImmediate);
  }
};
