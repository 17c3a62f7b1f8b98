import { expect } from '@jest/globals';
import { hookStatements } from '#testkit';
import { createProjectionOperations, type ProjectionRunner } from '../index.js';
import { appliedIds, createPlant, type Poison, tallied, tallyProjector } from './tally.spec.js';

// Not a suite of its own: one seeded round of chaos, which a fixed-seed and a fresh-seed suite run.

/** Mulberry32: small, seeded, good enough to choose what breaks. */
const randomOf = (seed: number): (() => number) => {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
};

/**
 * Writers append, poison among it; several workers of the same partitions start, are killed between statements and start
 * again; operators retry and discard; then every event is applied once and in order, or parked, and a rebuild is equal.
 */
export const chaosRound = async (seed: number, steps: number): Promise<void> => {
  const random = randomOf(seed);
  const below = (n: number): number => Math.floor(random() * n);
  const plant = await createPlant();
  const healed = { all: false };
  const projector = tallyProjector({ healed });
  const partitions = 1 + below(3);
  const streams = Array.from({ length: 12 }, (_, i) => `s-${i}`);
  const alive: ProjectionRunner[] = [];
  const operations = createProjectionOperations({
    pool: plant.pool,
    log: plant.log,
    projectors: [projector],
    partitionOf: (event, of) => plant.bus.partitionOf(event, of),
    keyOf: (event) => plant.bus.keyOf(event),
  });
  const startWorker = async (dies: boolean): Promise<void> => {
    let left = dies ? 5 + below(60) : Infinity;
    const pool = hookStatements(plant.pool, {
      [random() < 0.5 ? 'before' : 'after']: () => {
        left -= 1;
        if (left <= 0) throw new Error('killed by chaos');
      },
    });
    const runner = plant.runner([projector], { pool, partitions, batchSize: 1 + below(20), pollMs: 20 });
    // A worker that is killed while it starts is a worker that is killed.
    await runner.start().then(
      () => alive.push(runner),
      () => runner.stop(),
    );
  };
  const poisonOf = (): Poison | undefined =>
    random() < 0.04 ? (['declared', 'thrown', 'sql'] as const)[below(3)] : undefined;

  try {
    await startWorker(false);
    for (let step = 0; step < steps; step++) {
      const what = random();
      if (what < 0.6)
        await plant.append(
          ...Array.from({ length: 1 + below(15) }, (): [string, ReturnType<typeof tallied>[]] => [
            streams[below(streams.length)]!,
            Array.from({ length: 1 + below(3) }, () => tallied(below(100), poisonOf())),
          ]),
        );
      else if (what < 0.85) await startWorker(true);
      else if (what < 0.9) await alive.splice(1 + below(alive.length), 1)[0]?.stop();
      else {
        const parked = await operations.parked();
        const one = parked[below(parked.length)];
        if (one === undefined) continue;
        healed.all = random() < 0.5;
        const decision = random() < 0.7 ? 'retry' : 'discard';
        const choice = random() < 0.5 ? { stream: one.stream } : { eventId: one.eventId };
        // Somebody else's decision may have been carried out in between.
        await operations[decision]('tally', choice, { reason: 'chaos', timeoutMs: 20 }).catch((error: unknown) =>
          expect(error).toMatchObject({ code: 'nothing-parked' }),
        );
        healed.all = false;
      }
    }
    // A poison event that was healed for a moment must not differ by when it was met; from here on nothing changes.
    await Promise.all(alive.map((runner) => runner.stop()));
    const last = plant.runner([projector], { partitions });
    await last.start();
    const head = await plant.log.head();
    expect(await last.reader.waitFor('tally', head, 15_000)).toBe(head);

    const log = (await plant.log.readAll({ max: 100_000 })).events.filter(({ type }) => type === 'Tallied');
    const applied = await appliedIds(plant.pool, 'tally_v1');
    const rows = await operations.parked({ statuses: ['parked', 'discarded', 'retried'] });
    const out = new Set(rows.filter(({ status }) => status !== 'retried').map(({ eventId }) => eventId));
    expect(applied.length).toBe(new Set(applied).size);
    expect([...applied, ...out].sort()).toEqual(log.map(({ id }) => id).sort());
    const marked = (await plant.pool.query<{ event_id: string }>('SELECT event_id FROM tally_v1.incomplete')).rows;
    expect(marked.map((row) => row.event_id).sort()).toEqual(
      rows
        .filter(({ status }) => status === 'parked')
        .map(({ eventId }) => eventId)
        .sort(),
    );
    const place = new Map(applied.map((id, i) => [id, i]));
    for (const stream of streams) {
      const order = log
        .filter((event) => event.stream === stream && place.has(event.id))
        .map(({ id }) => place.get(id)!);
      expect(order).toEqual([...order].sort((a, b) => a - b));
    }
    healed.all = true;
    const report = await operations.rebuild('tally');
    expect({ differences: report.differences, outcome: report.outcome }).toEqual({
      differences: [],
      outcome: 'switched',
    });
  } catch (error) {
    const states = JSON.stringify(await operations.list().catch(String));
    throw new Error(`chaos with seed ${seed} failed in state ${states}`, { cause: error });
  } finally {
    await plant.close();
  }
};
