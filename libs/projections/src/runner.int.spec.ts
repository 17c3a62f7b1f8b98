import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { NewEvent } from '#contracts';
import { allPartitions } from '#event-bus';
import { LotlineError } from '#kernel';
import type { Observer } from './index.js';
import { appliedIds, createPlant, type Plant, tallied, tallyProjector } from './specs/tally.spec.js';

const WAIT = 10_000;

describe('the projection runner', () => {
  let plant: Plant;
  beforeEach(async () => {
    plant = await createPlant();
  });
  afterEach(() => plant.close());

  it('catches up with what was there and follows what comes', async () => {
    const before = [tallied(1), tallied(2)];
    await plant.append(['s-1', before]);
    const runner = plant.runner([tallyProjector()]);
    await runner.start();
    const after = [tallied(3)];
    const position = await plant.append(['s-1', after]);
    expect(await runner.reader.waitFor('tally', position, WAIT)).toBe(position);
    expect(await appliedIds(plant.pool, 'tally_v1')).toEqual([...before, ...after].map(({ id }) => id));
    expect(await runner.reader.activeSchema('tally')).toBe('tally_v1');
  });

  it('moves the position of every partition over events that nobody wants', async () => {
    const runner = plant.runner([tallyProjector()], { partitions: 4 });
    await runner.start();
    const position = await plant.append(['other', [{ ...tallied(1), type: 'SomethingElse' }]]);
    expect(await runner.reader.waitFor('tally', position, WAIT)).toBe(position);
  });

  it('goes on where it stopped, once each, after a stop in the middle', async () => {
    const all = Array.from({ length: 60 }, (_, i) => tallied(i));
    const head = await plant.append(...all.map((event, i): [string, [typeof event]] => [`s-${i % 7}`, [event]]));
    let first: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => (first = resolve));
    const one = plant.runner([tallyProjector({ onApply: () => first() })], { batchSize: 5, partitions: 2 });
    await one.start();
    await begun;
    await one.stop();
    const two = plant.runner([tallyProjector()], { batchSize: 5, partitions: 2 });
    await two.start();
    await two.reader.waitFor('tally', head, WAIT);
    expect((await appliedIds(plant.pool, 'tally_v1')).sort()).toEqual(all.map(({ id }) => id).sort());
  });

  it('says how far it is where a position is not reached in time', async () => {
    const runner = plant.runner([tallyProjector()]);
    await runner.start();
    const error = await runner.reader.waitFor('tally', '9999999999999999', 30).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(LotlineError);
    expect(error).toMatchObject({
      kind: 'behind',
      code: 'projection-behind',
      details: { retryAfter: 1, minPosition: '9999999999999999', position: '' },
    });
    await expect(runner.reader.activeSchema('nothing')).rejects.toMatchObject({ kind: 'not-found' });
  });

  it('wakes who waits in another process by polling', async () => {
    const { createProjectionReader } = await import('./index.js');
    const elsewhere = createProjectionReader({ pool: plant.pool });
    const runner = plant.runner([tallyProjector()]);
    await runner.start();
    const position = await plant.append(['s-1', [tallied(1)]]);
    expect(await elsewhere.waitFor('tally', position, WAIT)).toBe(position);
  });

  it('lets two workers of two partitions divide the work', async () => {
    const [zero, one] = allPartitions(2);
    const seen: number[] = [];
    const observer: Observer = {
      batch: ({ partition, events }) => {
        if (events > 0) seen.push(partition);
      },
    };
    const a = plant.runner([tallyProjector()], { partitions: [zero!], observer });
    const b = plant.runner([tallyProjector()], { partitions: [one!], observer });
    await a.start();
    await b.start();
    const all = Array.from({ length: 40 }, (_, i) => tallied(i));
    const head = await plant.append(...all.map((event, i): [string, [typeof event]] => [`s-${i}`, [event]]));
    await a.reader.waitFor('tally', head, WAIT);
    expect((await appliedIds(plant.pool, 'tally_v1')).sort()).toEqual(all.map(({ id }) => id).sort());
    expect(new Set(seen)).toEqual(new Set([0, 1]));
  });

  it('never applies twice where two workers serve the same partition', async () => {
    const a = plant.runner([tallyProjector()], { batchSize: 3 });
    const b = plant.runner([tallyProjector()], { batchSize: 3 });
    await Promise.all([a.start(), b.start()]);
    const all = Array.from({ length: 90 }, (_, i) => tallied(i));
    for (let i = 0; i < all.length; i += 10)
      await plant.append(...all.slice(i, i + 10).map((e, k): [string, [typeof e]] => [`s-${k % 3}`, [e]]));
    await a.reader.waitFor('tally', await plant.log.head(), WAIT);
    expect((await appliedIds(plant.pool, 'tally_v1')).sort()).toEqual(all.map(({ id }) => id).sort());
    expect((await plant.pool.query('SELECT FROM projections.parked')).rowCount).toBe(0);
  });

  it('brings partitions together before it divides anew', async () => {
    const all = Array.from({ length: 50 }, (_, i) => tallied(i));
    const [zero] = allPartitions(3);
    const lopsided = plant.runner([tallyProjector()], { partitions: [zero!] });
    await lopsided.start();
    const head = await plant.append(...all.map((event, i): [string, [typeof event]] => [`s-${i}`, [event]]));
    const moved = async (): Promise<boolean> =>
      (await plant.pool.query('SELECT FROM projections.checkpoints WHERE position = $1', [head])).rowCount === 1;
    while (!(await moved())) await new Promise(setImmediate);
    await lopsided.stop();
    const runner = plant.runner([tallyProjector()], { partitions: 5 });
    await runner.start();
    await runner.reader.waitFor('tally', head, WAIT);
    expect((await appliedIds(plant.pool, 'tally_v1')).sort()).toEqual(all.map(({ id }) => id).sort());
    expect((await plant.pool.query('SELECT FROM projections.checkpoints WHERE "of" = 5')).rowCount).toBe(5);
  });

  it('pauses at a newer version than it knows, after what came before it, and parks nothing', async () => {
    const paused: string[] = [];
    const runner = plant.runner([tallyProjector()], { observer: { paused: ({ reason }) => void paused.push(reason) } });
    await runner.start();
    const before = tallied(1);
    const newer = tallied(2, undefined, 2);
    const known = await plant.append(['s-1', [before]]);
    await plant.append(['s-1', [newer]], ['s-2', [tallied(3)]]);
    const state = async (): Promise<{ state: string; reason: string; position: string }> =>
      (await plant.pool.query(`SELECT state, reason, position FROM projections.checkpoints`)).rows[0];
    while ((await state()).state !== 'paused') await new Promise(setImmediate);
    expect(await state()).toMatchObject({ position: known, reason: expect.stringContaining(newer.id) });
    expect(paused).toHaveLength(1);
    expect(await appliedIds(plant.pool, 'tally_v1')).toEqual([before.id]);
    expect((await plant.pool.query('SELECT FROM projections.parked')).rowCount).toBe(0);
    await runner.stop();

    const release = { ...tallyProjector(), handles: new Map([['Tallied', 2]]) };
    const next = plant.runner([release]);
    await next.start();
    await next.reader.waitFor('tally', await plant.log.head(), WAIT);
    expect(await appliedIds(plant.pool, 'tally_v1')).toHaveLength(3);
    expect(await state()).toMatchObject({ state: 'running', reason: null });
  });

  it('pauses at a type that its release does not know, wanted or not, and passes over one that it knows', async () => {
    const knows = new Set(['Tallied', 'Ignored']);
    const runner = plant.runner([{ ...tallyProjector(), knows }]);
    await runner.start();
    const known = await plant.append(['s-1', [tallied(1), { ...tallied(2), type: 'Ignored' }]]);
    const unknown = { ...tallied(3), type: 'FromTheFuture' };
    await plant.append(['s-1', [unknown, tallied(4)]]);
    const state = async (): Promise<{ state: string; reason: string; position: string }> =>
      (await plant.pool.query(`SELECT state, reason, position FROM projections.checkpoints`)).rows[0];
    while ((await state()).state !== 'paused') await new Promise(setImmediate);
    expect(await state()).toMatchObject({
      position: known,
      reason: expect.stringMatching(`FromTheFuture ${unknown.id} at .* is of a type that is not known`),
    });
    expect(await appliedIds(plant.pool, 'tally_v1')).toHaveLength(1);
    expect((await plant.pool.query('SELECT FROM projections.parked')).rowCount).toBe(0);
    await runner.stop();

    const next = plant.runner([{ ...tallyProjector(), knows: new Set([...knows, 'FromTheFuture']) }]);
    await next.start();
    await next.reader.waitFor('tally', await plant.log.head(), WAIT);
    expect(await appliedIds(plant.pool, 'tally_v1')).toHaveLength(2);
    expect(await state()).toMatchObject({ state: 'running', reason: null });
  });

  it('stops every partition at an unknown type, as nobody can tell which one it is of', async () => {
    const knows = new Set(['Tallied']);
    const runner = plant.runner([{ ...tallyProjector(), knows }], { partitions: 4 });
    await runner.start();
    const spread = () => Array.from({ length: 12 }, (_, i): [string, [NewEvent]] => [`s-${i}`, [tallied(i)]]);
    const known = await plant.append(...spread());
    await runner.reader.waitFor('tally', known, WAIT);
    await plant.append(['s-0', [{ ...tallied(0), type: 'FromTheFuture' }]]);
    await plant.append(...spread());
    const parts = async (): Promise<{ state: string; position: string }[]> =>
      (await plant.pool.query('SELECT state, position FROM projections.checkpoints')).rows;
    while (!(await parts()).some(({ state }) => state === 'paused')) await new Promise(setImmediate);
    await runner.stop();
    expect((await parts()).map(({ position }) => position)).toEqual(Array.from({ length: 4 }, () => known));
    expect(await appliedIds(plant.pool, 'tally_v1')).toHaveLength(12);
  });

  it('does not continue what was built on another epoch', async () => {
    const runner = plant.runner([tallyProjector()]);
    await runner.start();
    const kept = tallied(1);
    await runner.reader.waitFor('tally', await plant.append(['s-1', [kept]]), WAIT);
    await runner.stop();
    await plant.pool.query('UPDATE log.identity SET epoch = epoch + 1');
    await plant.append(['s-1', [tallied(2)]]);
    const next = plant.runner([tallyProjector()]);
    await next.start();
    const state = async (): Promise<{ state: string; reason: string }> =>
      (await plant.pool.query(`SELECT state, reason FROM projections.checkpoints`)).rows[0];
    while ((await state()).state !== 'needs-rebuild') await new Promise(setImmediate);
    expect((await state()).reason).toContain('must be rebuilt');
    expect(await appliedIds(plant.pool, 'tally_v1')).toEqual([kept.id]);
  });
});
