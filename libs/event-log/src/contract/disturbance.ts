import { describe, expect, it } from '@jest/globals';
import { collect } from './collect.js';
import type { LogFactory } from './log-under-test.js';
import { event, record } from './sample-events.js';
import { useLog } from './use-log.js';

export const describeDisturbance = (factory: LogFactory): void => {
  describe('lost connections', () => {
    const under = useLog(factory);

    it('appends and follows on after an idle connection was lost', async () => {
      const follower = collect(under.current.open(), 2);
      await record(under.log, 'a', [event()]);
      await under.current.disturb();
      const second = event();
      expect(await record(under.log, 'a', [second])).toMatchObject([{ revision: 1, duplicate: false }]);
      expect((await follower).map((one) => one.id).at(-1)).toBe(second.id);
    });

    it('records every append once and answers it as recorded now, however often connections break under it', async () => {
      const instances = [under.log, under.current.open()];
      const followers = [collect(under.current.open(), 800), collect(under.current.open(), 800, { batchSize: 3 })];
      let done = 0;
      const writers = instances.flatMap((log, n) =>
        Array.from({ length: 8 }, async (_, writer) => {
          const recorded = [];
          for (let i = 0; i < 50; i += 1) {
            recorded.push(...(await record(log, `w-${n}-${writer}`, [event()], i === 0 ? 'no-stream' : i - 1)));
            done += 1;
            // Counted, not timed: somebody is always in the middle of something.
            if (done % 60 === 0) await under.current.disturb();
          }
          return recorded;
        }),
      );
      const answers = (await Promise.all(writers)).flat();
      expect(answers.filter((one) => one.duplicate)).toEqual([]);
      const { events } = await under.current.open().readAll({ max: 2_000 });
      expect(events.map((one) => one.id).sort()).toEqual(answers.map((one) => one.id).sort());
      const positions = new Map(events.map((one) => [one.id, one.position]));
      for (const one of answers) expect(positions.get(one.id)).toBe(one.position);
      for (const seen of await Promise.all(followers)) expect(seen).toEqual(events);
    });
  });
};
