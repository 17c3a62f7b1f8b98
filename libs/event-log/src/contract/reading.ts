import { describe, expect, it } from '@jest/globals';
import type { ReadStreamOptions } from '../port.js';
import { readEverything } from './collect.js';
import type { LogFactory } from './log-under-test.js';
import type { LogPromises } from './promises.js';
import { appendOf, event, record, recordedIn } from './sample-events.js';
import { useLog } from './use-log.js';

export const describeReading = (factory: LogFactory, promises: LogPromises): void => {
  describe('reading', () => {
    const under = useLog(factory);

    it('knows an empty log', async () => {
      expect(await under.log.head()).toBe('');
      const { events, position } = await under.log.readAll({});
      expect(events).toEqual([]);
      if (promises.endsAtHead) expect(position).toBe('');
      expect(await under.log.readStream('none')).toEqual([]);
      expect(await under.log.readStream('a\0b')).toEqual([]);
    });

    it('keeps its identity, which all instances share', async () => {
      const identity = await under.log.identity();
      expect(identity.logId).toMatch(/^[0-9a-f-]{36}$/);
      expect(identity.epoch).toBeGreaterThanOrEqual(1);
      expect(await under.current.open().identity()).toEqual(identity);
    });

    it('reads a part of a stream', async () => {
      await under.log.append([appendOf('a', [event(), event(), event(), event()]), appendOf('b', [event()])]);
      const revisions = async (options: ReadStreamOptions) =>
        (await under.log.readStream('a', options)).map((one) => one.revision);
      expect(await revisions({ from: 1 })).toEqual([1, 2, 3]);
      expect(await revisions({ from: 1, max: 2 })).toEqual([1, 2]);
      expect(await revisions({ from: 4 })).toEqual([]);
      expect(await revisions({ backwards: true })).toEqual([3, 2, 1, 0]);
      expect(await revisions({ backwards: true, max: 2 })).toEqual([3, 2]);
      expect(await revisions({ backwards: true, from: 1 })).toEqual([1, 0]);
      expect(await under.log.readStream('none', { backwards: true })).toEqual([]);
    });

    it('reads all in pages: after is exclusive, upTo inclusive, and the position moves on', async () => {
      const results = await under.log.append(Array.from({ length: 10 }, (_, i) => appendOf(`s-${i % 3}`, [event()])));
      const positions = results
        .flatMap(recordedIn)
        .map((one) => one.position)
        .sort();
      const page = async (options: { after?: string | undefined; max?: number; upTo?: string | undefined }) => {
        const batch = await under.log.readAll(options);
        return { positions: batch.events.map((one) => one.position), position: batch.position };
      };
      expect(await page({ max: 4 })).toEqual({ positions: positions.slice(0, 4), position: positions[3] });
      expect(await page({ after: positions[3], max: 4 })).toEqual({
        positions: positions.slice(4, 8),
        position: positions[7],
      });
      expect(await page({ after: positions[7], upTo: positions[8] })).toEqual({
        positions: [positions[8]],
        position: positions[8],
      });
      expect(await page({ after: positions[8], upTo: positions[8] })).toEqual({
        positions: [],
        position: positions[8],
      });
      const end = await page({ after: positions[9] });
      expect(end.positions).toEqual([]);
      if (promises.endsAtHead) expect(end.position).toBe(positions[9]);
      expect(end.position >= positions[9]!).toBe(true);
      expect(await page({ after: end.position })).toEqual(end);
      expect(await page({ after: '' })).toMatchObject({ positions });
      expect(await under.log.head()).toBe(positions[9]);
      for (const position of positions) expect('' < position).toBe(true);
    });

    it('refuses a position that is none', async () => {
      for (const after of ['7', 'abc', "1' OR 1", '99999999999999999999'])
        await expect(under.log.readAll({ after })).rejects.toMatchObject({
          kind: 'malformed',
          code: 'position-malformed',
        });
    });

    it('shows pages without gaps while instances write', async () => {
      const instances = [under.log, under.current.open(), under.current.open()];
      const reader = under.current.open();
      const progress = { writing: true };
      const writes = Promise.all(
        instances.map(async (log, n) => {
          for (let i = 0; i < 60; i += 1) await record(log, `s-${n}`, [event(), event()]);
        }),
      ).finally(() => (progress.writing = false));
      let seen: string[] = [];
      while (progress.writing) {
        const now = (await readEverything(reader, 37)).map((one) => one.id);
        // What was seen stays where it was: nothing slips in before it.
        expect(now.slice(0, seen.length)).toEqual(seen);
        seen = now;
      }
      await writes;
      const all = await readEverything(reader);
      expect(all.slice(0, seen.length).map((one) => one.id)).toEqual(seen);
      expect(new Set(all.map((one) => one.id)).size).toBe(360);
    });
  });
};
