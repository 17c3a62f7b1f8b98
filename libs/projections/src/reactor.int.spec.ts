import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { RecordedEvent } from '#contracts';
import { uuidFromName } from '#kernel';
import {
  createProjectionOperations,
  createReactor,
  type Reactor,
  type ReactorOptions,
  restartReactor,
} from './index.js';
import { createPlant, type Plant, tallied } from './specs/tally.spec.js';

const handles = new Map([['Tallied', 1]]);

describe('a reactor', () => {
  let plant: Plant;
  let reactors: Reactor[];
  beforeEach(async () => {
    plant = await createPlant();
    reactors = [];
  });
  afterEach(async () => {
    await Promise.all(reactors.map((reactor) => reactor.stop()));
    await plant.close();
  });

  const reactor = async (handle: ReactorOptions['handle'], more: Partial<ReactorOptions> = {}): Promise<Reactor> => {
    const made = createReactor({
      name: 'holds',
      handles,
      pool: plant.pool,
      log: plant.log,
      bus: plant.bus,
      handle,
      ...more,
    });
    reactors.push(made);
    await made.start();
    return made;
  };
  const list = () =>
    createProjectionOperations({
      pool: plant.pool,
      log: plant.log,
      projectors: [],
      partitionOf: () => 0,
      keyOf: ({ stream }) => stream,
    }).list();
  const until = async (condition: () => Promise<boolean> | boolean): Promise<void> => {
    while (!(await condition())) await new Promise(setImmediate);
  };

  /** What a process manager does: a command whose id follows from its cause. */
  const answer = async (events: readonly RecordedEvent[]): Promise<void> => {
    await plant.log.append(
      events.map((event) => ({
        stream: `answers-${event.stream}`,
        expected: 'any' as const,
        events: [
          { ...tallied(1), id: uuidFromName(`answer:${event.id}`), type: 'Answered', eventTime: event.eventTime },
        ],
      })),
    );
  };
  const answers = async (): Promise<number> =>
    (await plant.log.readAll({ max: 10_000 })).events.filter(({ type }) => type === 'Answered').length;

  it('gives each command once, however often it is interrupted after giving it', async () => {
    await plant.append(
      ...Array.from({ length: 12 }, (_, i): [string, [ReturnType<typeof tallied>]] => [`s-${i}`, [tallied(i)]]),
    );
    let calls = 0;
    await reactor(
      async (events) => {
        await answer(events);
        calls += 1;
        if (calls % 2 === 1) throw new Error('cut off after the command');
      },
      { batchSize: 5 },
    );
    await until(async () => (await answers()) === 12 && (await list())[0]?.behind === false);
    expect(await answers()).toBe(12);
    expect((await list())[0]).toMatchObject({ kind: 'reactor', name: 'holds', state: 'running', reason: null });
  });

  it('that failed and went on before that could be told is not told to fail', async () => {
    await plant.append(['s', [tallied(1)]]);
    const [release, marked] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    // What marks a state waits until the next try has moved the checkpoint.
    const query = plant.pool.query.bind(plant.pool) as (...args: unknown[]) => Promise<unknown>;
    const late = async (...args: unknown[]): Promise<unknown> => {
      if (!String(args[0]).includes('SET state = $')) return query(...args);
      await release.promise;
      return query(...args).finally(() => marked.resolve(undefined));
    };
    const pool = new Proxy(plant.pool, {
      get: (target, name) => (name === 'query' ? late : Reflect.get(target, name, target)),
    });
    let tries = 0;
    await reactor(
      () => {
        tries += 1;
        return tries === 1 ? Promise.reject(new Error('cut off')) : Promise.resolve();
      },
      { pool },
    );
    await until(async () => (await list())[0]?.behind === false);
    release.resolve(undefined);
    await marked.promise;
    expect((await list())[0]).toMatchObject({ state: 'running', reason: null });
  });

  it('shows what it cannot do, and goes on from there when it can', async () => {
    let isBroken = true;
    const seen: string[] = [];
    await reactor((events) => {
      if (isBroken) return Promise.reject(new Error('inventory does not answer'));
      seen.push(...events.map(({ id }) => id));
      return Promise.resolve();
    });
    const events = [tallied(1), tallied(2)];
    await plant.append(['s', events]);
    await until(async () => (await list())[0]?.state === 'failing');
    expect((await list())[0]).toMatchObject({ reason: 'inventory does not answer', behind: true });
    isBroken = false;
    await until(async () => (await list())[0]?.behind === false);
    expect(seen).toEqual(events.map(({ id }) => id));
  });

  it('begins with now where it is told to, and goes on from its own checkpoint the next time', async () => {
    await plant.append(['s', [tallied(1)]]);
    const seen: string[] = [];
    const see: ReactorOptions['handle'] = (events) => Promise.resolve(void seen.push(...events.map(({ id }) => id)));
    const first = await reactor(see, { from: 'now' });
    const [second, third] = [tallied(2), tallied(3)];
    await plant.append(['s', [second]]);
    await until(() => seen.length === 1);
    await first.stop();
    await plant.append(['s', [third]]);
    await reactor(see, { from: 'now', partitions: 3 });
    await until(() => seen.length === 2);
    expect(seen).toEqual([second.id, third.id]);
  });

  it('pauses at a newer version, and on another epoch until it is restarted', async () => {
    const seen: string[] = [];
    const see: ReactorOptions['handle'] = (events) => Promise.resolve(void seen.push(...events.map(({ id }) => id)));
    const first = await reactor(see);
    await plant.append(['s', [tallied(1), tallied(2, undefined, 2)]]);
    await until(async () => (await list())[0]?.state === 'paused');
    expect(seen).toHaveLength(1);
    await first.stop();
    await plant.pool.query('UPDATE log.identity SET epoch = epoch + 1');
    const second = await reactor(see, { handles: new Map([['Tallied', 2]]) });
    await until(
      async () =>
        (await plant.pool.query(`SELECT state FROM projections.checkpoints`)).rows[0].state === 'needs-rebuild',
    );
    expect(seen).toHaveLength(1);
    await second.stop();
    await restartReactor({ pool: plant.pool, log: plant.log }, 'holds', 'beginning');
    await reactor(see, { handles: new Map([['Tallied', 2]]) });
    await until(() => seen.length === 3);
  });

  // Its subscription stayed paused for as long as the process ran, while the list said that it is running.
  it('goes on while it runs, once it was restarted in another epoch', async () => {
    const seen: string[] = [];
    const see: ReactorOptions['handle'] = (events) => Promise.resolve(void seen.push(...events.map(({ id }) => id)));
    await plant.append(['s', [tallied(1)]]);
    const first = await reactor(see);
    await until(() => seen.length === 1);
    await first.stop();
    await plant.pool.query('UPDATE log.identity SET epoch = epoch + 1');
    await reactor(see, { partitions: 1 });
    await until(async () => (await list())[0]?.state === 'needs-rebuild');
    await restartReactor({ pool: plant.pool, log: plant.log }, 'holds', 'beginning');
    await plant.append(['s', [tallied(2)]]);
    await until(() => seen.length === 3);
    expect((await list())[0]).toMatchObject({ state: 'running', reason: null });
  });
});
