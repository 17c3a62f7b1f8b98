import { describe, expect, it } from '@jest/globals';
import type { LogFactory } from './log-under-test.js';
import { appendOf, event, record } from './sample-events.js';
import { useLog } from './use-log.js';

export const describeIdempotency = (factory: LogFactory): void => {
  describe('idempotency', () => {
    const under = useLog(factory);

    it('answers a repeated append with its first result, before it looks at the expected revision', async () => {
      const events = [event(), event()];
      const first = await record(under.log, 'a', events, 'no-stream');
      await record(under.log, 'a', [event()]);
      const again = await record(under.current.open(), 'a', events, 'no-stream');
      expect(again).toEqual(first.map((one) => ({ ...one, duplicate: true })));
      expect(await under.log.readStream('a')).toHaveLength(3);
    });

    it('does not care about meta, order of keys or members that are undefined', async () => {
      const one = event({ data: { a: 1, b: { c: 2, d: 3 } } });
      await record(under.log, 'a', [one]);
      const resent = event({
        id: one.id,
        data: { b: { d: 3, e: undefined, c: 2 }, a: 1 },
        meta: { ...one.meta, actor: 'x' },
      });
      expect(await record(under.log, 'a', [resent])).toMatchObject([{ duplicate: true }]);
    });

    it('refuses an id whose content differs and says where the first stands, which stays', async () => {
      const first = event();
      const [recorded] = await record(under.log, 'a', [first]);
      const conflict = { ok: false, reason: 'id-conflict', id: first.id, position: recorded!.position };
      for (const other of [
        { data: { crate: 8 } },
        { type: 'X' },
        { schemaVersion: 2 },
        { eventTime: '2027-01-01T00:00:00Z' },
      ])
        expect(await under.log.append([appendOf('b', [{ ...first, ...other }], 5)])).toEqual([conflict]);
      expect(await under.log.readStream('b')).toEqual([]);
      expect((await under.log.readStream('a'))[0]!.data).toEqual(first.data);
    });

    it('compares by the content key where one is given', async () => {
      const first = event({ data: { epc: 'urn:epc:id:sgln:0614141.00001.0' }, contentKey: 'canonical' });
      await record(under.log, 'a', [first]);
      const sameThing = { ...first, data: { epc: 'https://id.gs1.org/414/0614141000012' } };
      expect(await record(under.log, 'a', [sameThing])).toMatchObject([{ duplicate: true }]);
      const other = { ...first, contentKey: 'another' };
      expect(await under.log.append([appendOf('a', [other])])).toMatchObject([{ reason: 'id-conflict' }]);
      expect((await under.log.readStream('a')).map((one) => one.data)).toEqual([first.data]);
    });

    it('records an id once when it stands twice in one append, one call or many calls at once', async () => {
      const twice = event();
      const [first, second] = await record(under.log, 'a', [twice, { ...twice }]);
      expect(second).toEqual({ ...first, duplicate: true });

      const inCall = event();
      const results = await under.log.append([appendOf('b', [inCall]), appendOf('c', [inCall])]);
      expect(results).toMatchObject([{ recorded: [{ duplicate: false }] }, { recorded: [{ duplicate: true }] }]);
      expect(await under.log.readStream('c')).toEqual([]);

      const raced = event();
      const instances = [under.log, under.current.open(), under.current.open()];
      const answers = await Promise.all(
        Array.from({ length: 30 }, (_, i) => record(instances[i % 3]!, 'd', [raced], 'no-stream')),
      );
      expect(answers.flat().filter((one) => !one.duplicate)).toHaveLength(1);
      expect(new Set(answers.flat().map((one) => one.position)).size).toBe(1);
      expect(await under.log.readStream('d')).toHaveLength(1);
    });

    it('refuses an id that stands twice in one append with two contents', async () => {
      const one = event({ data: { crate: 1 } });
      const results = await under.log.append([appendOf('a', [one, { ...one, data: { crate: 2 } }])]);
      expect(results).toEqual([{ ok: false, reason: 'id-conflict', id: one.id, position: '' }]);
      expect(await under.log.readStream('a')).toEqual([]);
    });

    it('records what is new of an append whose rest is there, under the expected revision', async () => {
      const known = event();
      const fresh = event();
      await record(under.log, 'a', [known]);
      expect(await under.log.append([appendOf('a', [known, fresh], 'no-stream')])).toMatchObject([
        { ok: false, reason: 'revision', actual: 0 },
      ]);
      expect(await record(under.log, 'a', [known, fresh], 0)).toMatchObject([
        { id: known.id, revision: 0, duplicate: true },
        { id: fresh.id, revision: 1, duplicate: false },
      ]);
    });
  });
};
