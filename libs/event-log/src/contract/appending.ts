import { describe, expect, it } from '@jest/globals';
import type { LogFactory } from './log-under-test.js';
import type { LogPromises } from './promises.js';
import { appendOf, event, record, recordedIn } from './sample-events.js';
import { useLog } from './use-log.js';

export const describeAppending = (factory: LogFactory, promises: LogPromises): void => {
  describe('appending', () => {
    const under = useLog(factory);

    it('gives an event back exactly as it was appended', async () => {
      const original = event({
        type: 'Größe✓',
        schemaVersion: 3,
        eventTime: '2022-02-03T03:00:00.123456789+02:00',
        data: {
          z: 1,
          a: [null, true, 1.5e-7, '0001.50', '"quoted\\"', 'NUL \u0000 and lone \ud800 surrogate', { __proto__x: {} }],
          'key with "quotes", {braces} and \\': '🐟',
          empty: {},
        },
        meta: {
          source: 'mes "7"',
          actor: 'user:ärger',
          correlationId: 'c',
          commandId: 'k',
          causationId: 'x',
          traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
        },
      });
      const [recorded] = await record(under.log, 'stream, {with} "oddities"', [{ ...original, contentKey: 'own' }]);
      const expected = {
        ...original,
        stream: 'stream, {with} "oddities"',
        revision: 0,
        position: recorded!.position,
        recordTime: recorded!.recordTime,
      };
      expect(await under.log.readStream('stream, {with} "oddities"')).toStrictEqual([expected]);
      const { events } = await under.log.readAll({});
      expect(events).toStrictEqual([expected]);
      expect(JSON.stringify(events[0]!.data)).toBe(JSON.stringify(original.data));
    });

    it('answers each append of a call in its place and gives positions in the order of its stream', async () => {
      const results = await under.log.append([
        appendOf('a', [event(), event()]),
        appendOf('b', [event()]),
        appendOf('a', [event()], 1),
      ]);
      const recorded = results.flatMap(recordedIn);
      expect(recorded.map((one) => one.revision)).toEqual([0, 1, 0, 2]);
      const positions = recorded.map((one) => one.position);
      const inOrder = promises.ordersCalls ? positions : [0, 1, 3].map((i) => positions[i]);
      expect(inOrder).toEqual([...inOrder].sort());
      expect(new Set(positions).size).toBe(4);
      expect(recorded.every((one) => !one.duplicate)).toBe(true);
    });

    it('lets one append fail alone', async () => {
      const taken = event({ data: { crate: 1 } });
      await record(under.log, 'a', [taken]);
      const results = await under.log.append([
        appendOf('b', [event()], 'no-stream'),
        appendOf('a', [event()], 'no-stream'),
        appendOf('c', [event(), { ...taken, data: { crate: 2 } }]),
        appendOf('d', [event()], 'no-stream'),
      ]);
      expect(results.map((result) => result.ok)).toEqual([true, false, false, true]);
      expect(await under.log.readStream('c')).toEqual([]);
      expect(await under.log.readStream('a')).toHaveLength(1);
      const { events } = await under.log.readAll({});
      const streams = events.map((one) => one.stream);
      expect(promises.ordersCalls ? streams : [...streams].sort()).toEqual(['a', 'b', 'd']);
    });

    it('refuses what no log can hold before anything of the call is recorded', async () => {
      for (const bad of [
        event({ id: 'not-a-uuid' }),
        event({ type: '' }),
        event({ eventTime: 'a\0b' }),
        event({ schemaVersion: 0.5 }),
        event({ data: undefined }),
      ])
        await expect(under.log.append([appendOf('a', [event()]), appendOf('b', [bad])])).rejects.toMatchObject({
          kind: 'malformed',
          code: 'append-malformed',
        });
      await expect(under.log.append([appendOf('', [event()])])).rejects.toMatchObject({ code: 'append-malformed' });
      expect((await under.log.readAll({})).events).toEqual([]);
    });

    it('takes nothing, and an append of nothing, without recording anything', async () => {
      expect(await under.log.append([])).toEqual([]);
      expect(await under.log.append([appendOf('a', [], 'no-stream')])).toEqual([{ ok: true, recorded: [] }]);
      expect(await under.log.append([appendOf('a', [], 3)])).toMatchObject([{ ok: false, actual: 'no-stream' }]);
      expect(await under.log.head()).toBe('');
    });

    it('takes a call of thousands of events', async () => {
      const large = Array.from({ length: promises.largestAppend }, (_, crate) => event({ data: { crate } }));
      const small = Array.from({ length: promises.largestCall }, (_, i) => appendOf(`s-${i}`, [event()], 'no-stream'));
      const results = await under.log.append([appendOf('large', large, 'no-stream'), ...small]);
      expect(results.every((result) => result.ok)).toBe(true);
      const stored = await under.log.readStream('large');
      expect(stored.map((one) => one.revision)).toEqual(large.map((_, i) => i));
      expect(stored.map((one) => one.id)).toEqual(large.map((one) => one.id));
      const positions = results.flatMap(recordedIn).map((one) => one.position);
      expect(await under.log.head()).toBe(positions.sort().at(-1));
    });

    it('finishes what it accepted before it closes, and takes nothing afterwards', async () => {
      const accepted = Array.from({ length: 50 }, (_, i) => record(under.log, `s-${i}`, [event()]));
      const closed = under.log.close();
      expect((await Promise.all(accepted)).flat()).toHaveLength(50);
      await closed;
      await expect(record(under.log, 'late', [event()])).rejects.toMatchObject({
        kind: 'unavailable',
        code: 'log-closed',
      });
      expect((await under.current.open().readAll({})).events).toHaveLength(50);
    });

    it('gives the caller the record time that readers see', async () => {
      const instances = [under.log, under.current.open(), under.current.open()];
      const answers = await Promise.all(
        instances.flatMap((log) => Array.from({ length: 20 }, () => record(log, 'shared', [event()]))),
      );
      const times = (await under.log.readAll({})).events.map((one) => one.recordTime);
      if (promises.recordTimesNeverGoBack) expect(times).toEqual([...times].sort());
      expect(
        answers
          .flat()
          .map((one) => one.recordTime)
          .sort(),
      ).toEqual([...times].sort());
      for (const time of times) expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    });
  });
};
