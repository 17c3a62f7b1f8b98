import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  createProjectionOperations,
  type ProjectionOperations,
  type Projector,
  reportText,
  statusText,
} from './index.js';
import { appliedIds, createPlant, type Plant, tallied, tallyProjector } from './specs/tally.spec.js';

const WAIT = 10_000;

describe('rebuilding', () => {
  let plant: Plant;
  beforeEach(async () => {
    plant = await createPlant();
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

  const some = (n: number, prefix = 's'): [string, ReturnType<typeof tallied>[]][] =>
    Array.from({ length: n }, (_, i) => [`${prefix}-${i % 9}`, [tallied(i)]]);

  it('builds the same version anew while events arrive, finds it equal and switches; both are kept until retired', async () => {
    const projector = tallyProjector();
    const operations = operationsFor(projector);
    const runner = plant.runner([projector], { partitions: 3 });
    await plant.append(...some(200));
    await runner.start();
    await runner.reader.waitFor('tally', await plant.log.head(), WAIT);
    const writing = { on: true };
    const writer = (async () => {
      for (let i = 0; writing.on || i < 5; i++) await plant.append(...some(3, `w${i}`));
    })();
    const report = await operations.rebuild('tally');
    writing.on = false;
    await writer;
    expect(report).toMatchObject({
      outcome: 'switched',
      equal: true,
      schema: 'tally_v1_r2',
      differences: [],
      broken: [],
    });
    expect(report.after.tables).toEqual(report.before.tables);
    expect(report.after.tables.map(({ table }) => table)).toEqual(['chains', 'entries']);
    runner.reader.invalidate('tally');
    expect(await runner.reader.activeSchema('tally')).toBe('tally_v1_r2');
    await runner.refresh();
    const head = await plant.append(...some(5, 'after'));
    await runner.reader.waitFor('tally', head, WAIT);
    const everything = (await plant.log.readAll({ max: 100_000 })).events.map(({ id }) => id).sort();
    expect((await appliedIds(plant.pool, 'tally_v1_r2')).sort()).toEqual(everything);
    while ((await operations.list()).some(({ behind }) => behind)) await new Promise(setImmediate);
    expect((await appliedIds(plant.pool, 'tally_v1')).sort()).toEqual(everything);

    await expect(operations.retire('tally', 'tally_v1_r2')).rejects.toMatchObject({ code: 'build-active' });
    await expect(operations.retire('tally', 'tally_v1')).rejects.toMatchObject({ code: 'just-switched' });
    await operations.retire('tally', 'tally_v1', { graceMs: 0 });
    expect((await plant.pool.query(`SELECT to_regnamespace('tally_v1') AS gone`)).rows[0].gone).toBeNull();
    await runner.refresh();
    const last = await plant.append(...some(5, 'last'));
    await runner.reader.waitFor('tally', last, WAIT);
    expect((await operations.list()).map(({ consumer, state }) => [consumer, state])).toEqual([
      ['tally_v1_r2', 'running'],
    ]);
    expect(await operations.rebuild('tally')).toMatchObject({ outcome: 'switched', schema: 'tally_v1_r3' });
  });

  it('finds a projector out that does not do the same twice, and switches nothing', async () => {
    let call = 0;
    const projector = tallyProjector({ twist: () => (call += 1) });
    const runner = plant.runner([projector]);
    const events = some(3);
    await plant.append(...events);
    await runner.start();
    await runner.reader.waitFor('tally', await plant.log.head(), WAIT);
    const operations = operationsFor(projector);
    const report = await operations.rebuild('tally');
    expect(report).toMatchObject({ outcome: 'failed', equal: false });
    expect(report.differences).toHaveLength(3);
    expect(report.differences[0]).toMatchObject({
      table: 'entries',
      row: 0,
      before: { event_id: expect.any(String) },
      after: { event_id: expect.any(String) },
    });
    expect(reportText(report)).toContain('Nothing was switched: the new tables differ');
    expect(await runner.reader.activeSchema('tally')).toBe('tally_v1');
    expect((await operations.list()).map(({ consumer, status }) => [consumer, status])).toEqual([
      ['tally_v1', 'active'],
      ['tally_v1_r2', 'failed'],
    ]);
    expect(statusText(await operations.list())).toMatch(/tally_v1_r2 +failed .*differs from tally_v1/);
  });

  it('parks in a rebuild what the live model parked, and repeats what operators decided', async () => {
    const healed = { all: false };
    const projector = tallyProjector({ healed });
    const operations = operationsFor(projector);
    const runner = plant.runner([projector], { partitions: 2 });
    await runner.start();
    const bad = [tallied(2, 'thrown'), tallied(2, 'sql'), tallied(3, 'declared'), tallied(3, 'thrown')];
    await plant.append(
      ['retried', [tallied(1), bad[0]!, tallied(3)]],
      ['discarded', [tallied(1), bad[1]!, tallied(3)]],
      ['parked', [tallied(1), bad[2]!, tallied(3)]],
      ['half', [tallied(1), bad[3]!, tallied(3)]],
    );
    await runner.reader.waitFor('tally', await plant.log.head(), WAIT);
    await operations.discard('tally', { stream: 'discarded' }, { reason: 'test' });
    await operations.discard('tally', { eventId: bad[3]!.id }, { reason: 'test' });
    healed.all = true;
    await operations.retry('tally', { stream: 'retried' }, { reason: 'test' });
    await plant.append(
      ...['retried', 'discarded', 'parked', 'half'].map((s): [string, [ReturnType<typeof tallied>]] => [
        s,
        [tallied(9)],
      ]),
    );
    await runner.reader.waitFor('tally', await plant.log.head(), WAIT);
    const live = await operations.parked({ statuses: ['parked', 'discarded', 'retried'] });
    expect(live.map(({ status }) => status).sort()).toEqual([
      ...Array.from({ length: 3 }, () => 'discarded'),
      ...Array.from({ length: 5 }, () => 'parked'),
      ...Array.from({ length: 2 }, () => 'retried'),
    ]);

    const report = await operations.rebuild('tally');
    expect(report.differences).toEqual([]);
    expect(report).toMatchObject({ outcome: 'switched', equal: true });
    expect(report.after.tables.map(({ table }) => table)).toEqual(['(parked)', 'chains', 'entries', 'incomplete']);
  });

  it('stops a rebuild at an event that is poison to it alone', async () => {
    const events = some(10);
    const live = tallyProjector();
    const runner = plant.runner([live]);
    await plant.append(...events);
    await runner.start();
    await runner.reader.waitFor('tally', await plant.log.head(), WAIT);
    const bad = events[4]![1][0]!;
    const broken = tallyProjector({
      twist: (event, { rebuilding }) => {
        if (rebuilding && event.id === bad.id) throw new Error('cannot do it again');
        return 0;
      },
    });
    const operations = operationsFor(broken);
    await expect(operations.rebuild('tally')).rejects.toMatchObject({
      kind: 'refused',
      code: 'rebuild-stopped',
      message: expect.stringContaining('cannot do it again'),
    });
    expect((await operations.list()).map(({ status }) => status)).toEqual(['active', 'failed']);
    expect(await runner.reader.activeSchema('tally')).toBe('tally_v1');
  });

  it('says that nobody keeps up what readers see where a release knows only another version, until that is built', async () => {
    const old = plant.runner([tallyProjector()], { partitions: 2 });
    await plant.append(...some(20));
    await old.start();
    await old.reader.waitFor('tally', await plant.log.head(), WAIT);
    await old.stop();

    const next = tallyProjector({ version: 2 });
    const operations = operationsFor(next);
    const upgraded = plant.runner([next], { partitions: 2 });
    await upgraded.start();
    const head = await plant.append(...some(20, 'later'));
    const [status] = await operations.list();
    expect(status).toMatchObject({ consumer: 'tally_v1', status: 'active', state: 'needs-rebuild', behind: true });
    expect(status?.reason).toBe('this release works on version 2, not on 1: "projections rebuild tally"');

    const report = await operations.rebuild('tally');
    expect(report).toMatchObject({ outcome: 'ready', notCompared: expect.stringContaining('no version 1') });
    expect(await operations.accept('tally')).toMatchObject({ from: 'tally_v1', to: 'tally_v2' });
    await upgraded.refresh();
    upgraded.reader.invalidate('tally');
    await upgraded.reader.waitFor('tally', head, WAIT);
    expect(await appliedIds(plant.pool, 'tally_v2')).toHaveLength(40);
    expect((await operations.list()).find((s) => s.status === 'active')).toMatchObject({
      consumer: 'tally_v2',
      state: 'running',
      reason: null,
    });
  });

  it('builds a new version beside the old, reports, switches when accepted and goes back the same way', async () => {
    const old = tallyProjector();
    const next = tallyProjector({ version: 2, twist: () => 100 });
    const operations = operationsFor(old, next);
    await plant.append(...some(30));
    const before = plant.runner([old], { partitions: 2 });
    await before.start();
    await before.reader.waitFor('tally', await plant.log.head(), WAIT);

    const report = await operations.rebuild('tally');
    expect(report).toMatchObject({ outcome: 'ready', equal: false, version: 2, schema: 'tally_v2' });
    expect(report.after.tables.map(({ table, rows }) => ({ table, rows }))).toEqual(
      report.before.tables.map(({ table, rows }) => ({ table, rows })),
    );
    expect(report.differences.filter(({ table }) => table === 'entries')).toHaveLength(5);
    expect(await before.reader.activeSchema('tally')).toBe('tally_v1');

    const both = plant.runner([old, next], { partitions: 2 });
    await both.start();
    const head = await plant.append(...some(30, 'more'));
    await both.reader.waitFor('tally', head, WAIT);
    expect(await operations.accept('tally')).toMatchObject({ from: 'tally_v1', to: 'tally_v2', version: 2 });
    await expect(operations.accept('tally')).rejects.toMatchObject({ code: 'nothing-to-switch-to' });
    both.reader.invalidate('tally');
    expect(await both.reader.activeSchema('tally')).toBe('tally_v2');
    expect(await appliedIds(plant.pool, 'tally_v2')).toHaveLength(60);

    await both.reader.waitFor('tally', await plant.append(...some(3, 'later')), WAIT);
    expect(await operations.rollback('tally')).toMatchObject({ from: 'tally_v2', to: 'tally_v1' });
    both.reader.invalidate('tally');
    expect(await both.reader.activeSchema('tally')).toBe('tally_v1');
    // Readers see nothing older than what they saw.
    expect(await appliedIds(plant.pool, 'tally_v1')).toHaveLength(63);
    expect(await operations.rollback('tally')).toMatchObject({ to: 'tally_v2' });
  });

  it('does not let a build serve that breaks its own rules', async () => {
    const old = tallyProjector();
    const next = tallyProjector({ version: 2, verify: () => Promise.resolve(['entries and chains disagree']) });
    const runner = plant.runner([old]);
    await runner.start();
    await runner.reader.waitFor('tally', await plant.append(...some(3)), WAIT);
    const operations = operationsFor(old, next);
    expect(await operations.rebuild('tally')).toMatchObject({
      outcome: 'failed',
      broken: ['entries and chains disagree'],
    });
    await expect(operations.accept('tally')).rejects.toMatchObject({ code: 'nothing-to-switch-to' });
  });

  it('rebuilds what was built on another epoch, without comparing, and serves again', async () => {
    const projector = tallyProjector();
    const operations = operationsFor(projector);
    const one = plant.runner([projector]);
    await one.start();
    await one.reader.waitFor('tally', await plant.append(...some(10)), WAIT);
    await plant.pool.query(
      `INSERT INTO tally_v1.entries (event_id, stream, amount) VALUES (gen_random_uuid(), 'lost with the backup', 1)`,
    );
    await one.stop();
    await plant.pool.query('UPDATE log.identity SET epoch = epoch + 1');
    expect(await operations.list()).toMatchObject([
      { state: 'needs-rebuild', reason: expect.stringContaining('epoch') },
    ]);
    const report = await operations.rebuild('tally');
    expect(report).toMatchObject({ outcome: 'switched', notCompared: expect.stringContaining('epoch') });
    expect(report).not.toHaveProperty('equal');
    const two = plant.runner([projector]);
    await two.start();
    await two.reader.waitFor('tally', await plant.append(...some(2, 'new')), WAIT);
    expect(await appliedIds(plant.pool, 'tally_v1_r2')).toHaveLength(12);
    await expect(operations.rollback('tally')).rejects.toMatchObject({ code: 'other-epoch' });
  });

  it('lets one rebuild of a read model run at a time', async () => {
    const projector = tallyProjector();
    const runner = plant.runner([projector]);
    await runner.start();
    await runner.reader.waitFor('tally', await plant.append(...some(3)), WAIT);
    let release: () => void = () => undefined;
    let begin: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const slow: Projector = {
      ...projector,
      async apply(context, events) {
        begin();
        await released;
        await projector.apply(context, events);
      },
    };
    const first = operationsFor(slow).rebuild('tally');
    await begun;
    await expect(operationsFor(projector).rebuild('tally')).rejects.toMatchObject({ code: 'rebuild-running' });
    release();
    expect(await first).toMatchObject({ outcome: 'switched' });
    await expect(operationsFor().rebuild('tally')).rejects.toMatchObject({ code: 'projection-unknown' });
  });
});
