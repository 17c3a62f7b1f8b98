import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createProjectionOperations, type ProjectionOperations } from './index.js';
import { appliedIds, createPlant, type Plant, tallied, tallyProjector, type Poison } from './specs/tally.spec.js';

const WAIT = 10_000;

describe('parking', () => {
  let plant: Plant;
  let operations: ProjectionOperations;
  const healed = { all: false };
  const projector = tallyProjector({ healed });

  beforeEach(async () => {
    healed.all = false;
    plant = await createPlant();
    operations = createProjectionOperations({
      pool: plant.pool,
      log: plant.log,
      projectors: [projector],
      partitionOf: (event, of) => plant.bus.partitionOf(event, of),
      keyOf: (event) => plant.bus.keyOf(event),
    });
  });
  afterEach(() => plant.close());

  const parkedIds = async () =>
    (await operations.parked()).map(({ eventId, follows, status }) => ({ eventId, follows, status }));
  const chain = async (stream: string) =>
    (await plant.pool.query('SELECT n, chain FROM tally_v1.chains WHERE stream = $1', [stream])).rows[0];

  it.each<Poison>(['declared', 'thrown', 'sql'])(
    'parks a poison event (%s) with all later events of its stream, and everything else flows',
    async (poison) => {
      const [good, bad, later, latest] = [tallied(1), tallied(2, poison), tallied(3), tallied(4)];
      const others = Array.from({ length: 20 }, (_, i) => tallied(i));
      await plant.append(['other-0', others.slice(0, 10)], ['s-1', [good, bad, later]], ['other-1', others.slice(10)]);
      const runner = plant.runner([projector]);
      await runner.start();
      await runner.reader.waitFor('tally', await plant.append(['s-1', [latest]]), WAIT);
      expect((await appliedIds(plant.pool, 'tally_v1')).sort()).toEqual([good, ...others].map(({ id }) => id).sort());
      expect(await parkedIds()).toEqual([
        { eventId: bad.id, follows: false, status: 'parked' },
        { eventId: later.id, follows: true, status: 'parked' },
        { eventId: latest.id, follows: true, status: 'parked' },
      ]);
      const { rows } = await plant.pool.query('SELECT event_id FROM tally_v1.incomplete');
      expect(rows.map((row) => row.event_id).sort()).toEqual([bad.id, later.id, latest.id].sort());
      const [row] = await operations.parked({ projection: 'tally' });
      expect(row).toMatchObject({ stream: 's-1', revision: 1, type: 'Tallied', attempts: 1, schema: 'tally_v1' });
      expect(row!.error).toContain(poison === 'sql' ? 'division by zero' : `${poison} poison`);
    },
  );

  it('parks an event once that is named poison before an earlier one of its stream is found', async () => {
    const all = [tallied(1, 'sql'), tallied(2), tallied(3, 'declared'), tallied(4)];
    const other = tallied(5);
    await plant.append(['s-1', all], ['s-2', [other]]);
    const runner = plant.runner([projector]);
    await runner.start();
    await runner.reader.waitFor('tally', await plant.log.head(), WAIT);
    expect((await parkedIds()).map(({ eventId, follows }) => [eventId, follows])).toEqual(
      all.map(({ id }, i) => [id, i > 0]),
    );
    expect(await appliedIds(plant.pool, 'tally_v1')).toEqual([other.id]);
  });

  it('parks several poison events of one batch', async () => {
    const bad = [tallied(1, 'thrown'), tallied(2, 'sql'), tallied(3, 'declared'), tallied(4, 'thrown')];
    const good = Array.from({ length: 40 }, (_, i) => tallied(i));
    await plant.append(
      ...good.map((event, i): [string, [typeof event]] => [`g-${i}`, [event]]),
      ...bad.map((event, i): [string, [typeof event]] => [`b-${i}`, [event]]),
    );
    const runner = plant.runner([projector]);
    await runner.start();
    await runner.reader.waitFor('tally', await plant.log.head(), WAIT);
    expect((await parkedIds()).map(({ eventId }) => eventId).sort()).toEqual(bad.map(({ id }) => id).sort());
    expect(await appliedIds(plant.pool, 'tally_v1')).toHaveLength(40);
  });

  it('takes event after event that fails for a defect: parks nothing, says so, goes on when it is mended', async () => {
    const bad = Array.from({ length: 30 }, () => tallied(1, 'thrown'));
    await plant.append(...bad.map((event, i): [string, [typeof event]] => [`s-${i}`, [event]]));
    let failed: () => void = () => undefined;
    const hasFailed = new Promise<void>((resolve) => (failed = resolve));
    const runner = plant.runner([projector], { observer: { failed: () => failed() } });
    await runner.start();
    await hasFailed;
    const state = async () => (await operations.list())[0]!;
    while ((await state()).state !== 'failing') await new Promise(setImmediate);
    expect(await state()).toMatchObject({
      state: 'failing',
      reason: expect.stringContaining('10 events in a row could not be applied'),
      position: '',
      behind: true,
      parked: 0,
    });
    // Mended between two attempts: what changes in the middle of one counts as it was met.
    await runner.stop();
    healed.all = true;
    const mended = plant.runner([projector]);
    await mended.start();
    await mended.reader.waitFor('tally', await plant.log.head(), WAIT);
    expect(await appliedIds(plant.pool, 'tally_v1')).toHaveLength(30);
    expect(await state()).toMatchObject({ state: 'running', reason: null, behind: false, lagSeconds: 0, parked: 0 });
  });

  it('retries all that is parked of a stream, in order, and lets the stream flow again', async () => {
    const all = [tallied(1), tallied(2, 'thrown'), tallied(3), tallied(4)];
    await plant.append(['s-1', all]);
    const runner = plant.runner([projector]);
    await runner.start();
    await runner.reader.waitFor('tally', await plant.log.head(), WAIT);

    const failed = await operations.retry('tally', { eventId: all[1]!.id }, { reason: 'try' });
    expect(failed.carriedOut).toBe(true);
    expect(failed.events.map(({ status, attempts }) => ({ status, attempts }))).toEqual(
      Array.from({ length: 3 }, () => ({ status: 'parked', attempts: 2 })),
    );
    expect(await appliedIds(plant.pool, 'tally_v1')).toEqual([all[0]!.id]);

    healed.all = true;
    const done = await operations.retry('tally', { stream: 's-1' }, { reason: 'mended' });
    expect(done.events.map(({ status }) => status)).toEqual(['retried', 'retried', 'retried']);
    expect(await appliedIds(plant.pool, 'tally_v1')).toEqual(all.map(({ id }) => id));
    expect((await plant.pool.query('SELECT FROM tally_v1.incomplete')).rowCount).toBe(0);

    const next = tallied(5);
    await runner.reader.waitFor('tally', await plant.append(['s-1', [next]]), WAIT);
    expect(await appliedIds(plant.pool, 'tally_v1')).toEqual([...all, next].map(({ id }) => id));
    expect(await chain('s-1')).toMatchObject({ n: 5 });
    await expect(operations.retry('tally', { stream: 's-1' }, { reason: 'again' })).rejects.toMatchObject({
      kind: 'not-found',
      code: 'nothing-parked',
    });
  });

  it('discards one event; the later ones wait until they are retried', async () => {
    const all = [tallied(1, 'thrown'), tallied(2), tallied(3)];
    await plant.append(['s-1', all]);
    const runner = plant.runner([projector]);
    await runner.start();
    await runner.reader.waitFor('tally', await plant.log.head(), WAIT);
    await operations.discard('tally', { eventId: all[0]!.id }, { reason: 'wrong' });
    expect((await operations.parked({ statuses: ['discarded'] })).map(({ eventId }) => eventId)).toEqual([all[0]!.id]);
    expect(await appliedIds(plant.pool, 'tally_v1')).toEqual([]);
    await operations.retry('tally', { stream: 's-1' }, { reason: 'the rest is fine' });
    expect(await appliedIds(plant.pool, 'tally_v1')).toEqual([all[1]!.id, all[2]!.id]);
    expect((await plant.pool.query('SELECT FROM tally_v1.incomplete')).rowCount).toBe(0);
    expect(await operations.parked()).toEqual([]);
  });

  it('keeps a decision for a worker that comes later', async () => {
    const all = [tallied(1, 'thrown'), tallied(2)];
    await plant.append(['s-1', all]);
    const one = plant.runner([projector]);
    await one.start();
    await one.reader.waitFor('tally', await plant.log.head(), WAIT);
    await one.stop();
    const outcome = await operations.discard('tally', { stream: 's-1' }, { reason: 'test', timeoutMs: 20 });
    expect(outcome.carriedOut).toBe(false);
    const two = plant.runner([projector]);
    await two.start();
    await two.reader.waitFor('tally', outcome.position, WAIT);
    expect((await operations.parked({ statuses: ['discarded'] })).map(({ eventId }) => eventId)).toEqual(
      all.map(({ id }) => id),
    );
  });

  it('parks an event whose marking fails too', async () => {
    const unmarkable = { ...projector, markParked: () => Promise.reject(new Error('no lots to read')) };
    const bad = tallied(1, 'thrown');
    await plant.append(['s-1', [bad]]);
    const runner = plant.runner([unmarkable]);
    await runner.start();
    await runner.reader.waitFor('tally', await plant.log.head(), WAIT);
    expect(await operations.parked()).toMatchObject([
      { eventId: bad.id, error: expect.stringMatching(/thrown poison .*no lots to read/) },
    ]);
  });
});
