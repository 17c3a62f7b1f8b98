import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Jobs } from '#jobs';
import { until } from '../../../../../test/support/start-standalone.js';
import { program } from '../program.js';

/**
 * The command "jobs" over one adapter, as an operator calls it.
 * @param start a product's database, brought up to date, and its queue. `env`: the settings that lead there.
 */
export const describeJobCommands = (
  adapter: string,
  start: () => Promise<{ env: Record<string, string>; jobs: Jobs; stop: () => Promise<void> }>,
): void => {
  describe(`the command "jobs" over ${adapter}`, () => {
    let under: Awaited<ReturnType<typeof start>>;
    beforeAll(async () => {
      under = await start();
    });
    afterAll(() => under.stop());

    const run = async (...words: string[]): Promise<string> => {
      const printed: string[] = [];
      await program({
        env: { LOG_LEVEL: 'fatal', ...under.env },
        print: (text) => printed.push(text),
        setExitCode: () => undefined,
        serve: () => Promise.reject(new Error('serving is not what this is for')),
      }).parseAsync(['node', 'lotline', 'jobs', ...words]);
      return printed.join('\n');
    };

    it('lists what is dead, runs it again, takes it off the list', async () => {
      expect(await run('dead')).toBe('No job is dead.');
      let isMended = false;
      const done: string[] = [];
      const handler = ({ key }: { key: string }): Promise<void> => {
        if (!isMended) return Promise.reject(new Error('no route\n  to host'));
        done.push(key);
        return Promise.resolve();
      };
      await under.jobs.work('letters', handler, { attempts: 2, backoff: { firstMs: 1, longestMs: 1 } });
      await under.jobs.work('parcels', handler, { attempts: 1 });
      await under.jobs.wake('letters', [{ key: 'a b' }, { key: 'c' }]);
      await under.jobs.wake('parcels', [{ key: 'd' }]);
      await until('three are dead', async () => (await under.jobs.dead()).length === 3);

      const [head, ...rows] = (await run('dead', '--queue', 'letters')).split('\n');
      expect(head).toMatch(/^QUEUE +KEY +ATTEMPTS +FAILED AT +REASON$/);
      expect(rows.sort()).toEqual([
        expect.stringMatching(/^letters +a b +2 +20\d\d-\S+Z +no route to host$/),
        expect.stringMatching(/^letters +c +2 +20\d\d-\S+Z +no route to host$/),
      ]);
      expect((await run('dead')).split('\n')).toHaveLength(4);

      isMended = true;
      expect(await run('retry', 'letters', 'a b')).toBe('a b of letters is run again.');
      await until('it was run', () => Promise.resolve(done.length === 1));
      expect(await run('discard', 'letters', 'c')).toBe('c of letters was taken off the list.');
      expect(await run('dead', '--queue', 'letters')).toBe('No job is dead.');
      expect(await run('dead')).toMatch(/\nparcels +d +1 /);
      expect(done).toEqual(['a b']);
    });

    it.each(['retry', 'discard'])('says so where there is nothing to %s', async (word) => {
      await expect(run(word, 'letters', 'nobody')).rejects.toMatchObject({
        code: 'job-unknown',
        message: 'there is no dead job "nobody" in the queue "letters"',
      });
    });
  });
};
