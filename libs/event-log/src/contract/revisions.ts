import { describe, expect, it } from '@jest/globals';
import type { LogFactory } from './log-under-test.js';
import { appendOf, event, record } from './sample-events.js';
import { useLog } from './use-log.js';

export const describeRevisions = (factory: LogFactory): void => {
  describe('expected revision', () => {
    const under = useLog(factory);

    it('refuses where the stream is elsewhere, and says where', async () => {
      const refused = (expected: number | 'no-stream', actual: number | 'no-stream') => ({
        ok: false,
        reason: 'revision',
        stream: 'a',
        expected,
        actual,
      });
      expect(await under.log.append([appendOf('a', [event()], 0)])).toEqual([refused(0, 'no-stream')]);
      await record(under.log, 'a', [event(), event()], 'no-stream');
      expect(await under.log.append([appendOf('a', [event()], 'no-stream')])).toEqual([refused('no-stream', 1)]);
      expect(await under.log.append([appendOf('a', [event()], 0)])).toEqual([refused(0, 1)]);
      expect(await under.log.append([appendOf('a', [event()], 2)])).toEqual([refused(2, 1)]);
      expect(await record(under.log, 'a', [event()], 1)).toMatchObject([{ revision: 2 }]);
      expect(await record(under.log, 'a', [event()], 'any')).toMatchObject([{ revision: 3 }]);
    });

    it('lets exactly one of many writers win each revision, over several instances', async () => {
      const instances = [under.log, under.current.open(), under.current.open()];
      for (let revision = 0; revision < 5; revision += 1) {
        const expected = revision === 0 ? 'no-stream' : revision - 1;
        const results = await Promise.all(
          Array.from({ length: 24 }, (_, i) => instances[i % 3]!.append([appendOf('hot', [event()], expected)])),
        );
        const winners = results.flat().filter((result) => result.ok);
        expect(winners).toHaveLength(1);
        expect(results.flat().filter((result) => !result.ok)).toEqual(
          Array.from({ length: 23 }, () => ({
            ok: false,
            reason: 'revision',
            stream: 'hot',
            expected,
            actual: revision,
          })),
        );
      }
      expect((await under.log.readStream('hot')).map((one) => one.revision)).toEqual([0, 1, 2, 3, 4]);
    });

    it('keeps revisions without gaps and in the order of positions when instances write one stream', async () => {
      const instances = [under.log, under.current.open()];
      await Promise.all(
        instances.flatMap((log) => Array.from({ length: 100 }, () => record(log, 'shared', [event(), event()]))),
      );
      const stored = await under.log.readStream('shared');
      expect(stored.map((one) => one.revision)).toEqual(Array.from({ length: 400 }, (_, i) => i));
      const positions = stored.map((one) => one.position);
      expect(positions).toEqual([...positions].sort());
    });
  });
};
