import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createProjectionOperations, projectionCommands } from '../index.js';
import { createPlant, type Plant, tallied, tallyProjector } from '../specs/tally.spec.js';

describe('lotline projections …', () => {
  let plant: Plant;
  beforeEach(async () => {
    plant = await createPlant();
  });
  afterEach(() => plant.close());

  it('lists, shows what is parked, discards, retries, rebuilds, rolls back and retires', async () => {
    const healed = { all: false };
    const projector = tallyProjector({ healed });
    const runner = plant.runner([projector]);
    const bad = tallied(2, 'thrown');
    await plant.append(['good', [tallied(1)]], ['bad', [bad, tallied(3)]]);
    await runner.start();
    await runner.reader.waitFor('tally', await plant.log.head(), 10_000);
    let opened = 0;
    const run = async (...args: string[]): Promise<{ text: string; code: number }> => {
      const printed: string[] = [];
      let code = 0;
      const open = () => {
        opened += 1;
        return Promise.resolve({
          operations: createProjectionOperations({
            pool: plant.pool,
            log: plant.log,
            projectors: [projector],
            partitionOf: (event, of) => plant.bus.partitionOf(event, of),
            keyOf: (event) => plant.bus.keyOf(event),
            actor: 'user:olga',
          }),
          close: () => Promise.resolve(void (opened -= 1)),
        });
      };
      const command = projectionCommands(
        open,
        (text) => void printed.push(text),
        (c) => (code = c),
      );
      await command.parseAsync(args, { from: 'user' });
      return { text: printed.join('\n'), code };
    };

    expect((await run('list')).text).toMatch(/^tally +1 +tally_v1 +active +running +\d{16} +none +2/m);
    expect((await run('parked', 'tally')).text).toContain(bad.id);
    expect(JSON.parse((await run('parked', '--json')).text)).toHaveLength(2);
    const failed = await run('retry', 'tally', '--stream', 'bad', '--reason', 'try');
    expect(failed).toMatchObject({ code: 1, text: expect.stringContaining('thrown poison') });
    const discarded = await run('discard', 'tally', '--event', bad.id, '--reason', 'wrong');
    expect(discarded).toMatchObject({ code: 0, text: expect.stringMatching(new RegExp(`${bad.id} +discarded`)) });
    healed.all = true;
    expect(await run('retry', 'tally', '--stream', 'bad', '--reason', 'go on')).toMatchObject({ code: 0 });
    expect((await run('parked')).text.split('\n')).toHaveLength(1);

    const rebuilt = await run('rebuild', 'tally');
    expect(rebuilt.text).toContain('Readers see tally_v1_r2 from now on.');
    expect(rebuilt.code).toBe(0);
    expect((await run('rollback', 'tally')).text).toContain('Readers see tally_v1 instead of tally_v1_r2');
    for (const words of [
      ['rebuild', 'nope'],
      ['accept', 'nope'],
      ['rollback', 'nope'],
      ['retire', 'nope', 'nope_v1'],
    ])
      await expect(run(...words)).rejects.toMatchObject({
        kind: 'not-found',
        message: 'there is no read model "nope"; there are: tally',
      });
    await expect(run('retire', 'tally', 'tally_v1')).rejects.toMatchObject({ code: 'build-active' });
    await expect(run('retry', 'tally', '--reason', 'none named')).rejects.toThrow('--event ID or --stream NAME');
    expect(opened).toBe(0);

    const decisions = (await plant.log.readStream('operations-projection-tally')).map(({ type, meta }) => [
      type,
      meta.actor,
    ]);
    expect(decisions).toEqual([
      ['ParkedEventRetried', 'user:olga'],
      ['ParkedEventDiscarded', 'user:olga'],
      ['ParkedEventRetried', 'user:olga'],
    ]);
  });
});
