import { describe, expect, it } from '@jest/globals';
import { collect } from './collect.js';
import type { LogFactory } from './log-under-test.js';
import { event, record } from './sample-events.js';
import { useLog } from './use-log.js';

export const describeFollowing = (factory: LogFactory): void => {
  describe('following', () => {
    const under = useLog(factory);

    it('gives what is there, then what comes, in bounded batches', async () => {
      const before = (await record(under.log, 'a', [event(), event(), event()])).map((one) => one.id);
      const other = under.current.open();
      const stop = new AbortController();
      const seen: string[] = [];
      const sizes: number[] = [];
      const after: string[] = [];
      for await (const batch of under.log.follow({ batchSize: 2, signal: stop.signal })) {
        sizes.push(batch.events.length);
        seen.push(...batch.events.map((one) => one.id));
        expect(batch.position).toBe(batch.events.at(-1)!.position);
        if (seen.length === 3) after.push(...(await record(other, 'b', [event(), event()])).map((one) => one.id));
        if (seen.length === 5) stop.abort();
      }
      expect(seen).toEqual([...before, ...after]);
      expect(Math.max(...sizes)).toBeLessThanOrEqual(2);
    });

    it('starts after a position', async () => {
      const recorded = await record(under.log, 'a', [event(), event(), event()]);
      const seen = await collect(under.log, 2, { after: recorded[0]!.position });
      expect(seen.map((one) => one.id)).toEqual(recorded.slice(1).map((one) => one.id));
    });

    it('stops when the signal aborts: before it starts, while it waits, and inside a batch', async () => {
      const collected: string[] = [];
      for await (const batch of under.log.follow({ signal: AbortSignal.abort() })) collected.push(batch.position);
      expect(collected).toEqual([]);

      const waiting = new AbortController();
      const iterator = under.log.follow({ signal: waiting.signal })[Symbol.asyncIterator]();
      const next = iterator.next();
      waiting.abort();
      expect((await next).done).toBe(true);

      await record(under.log, 'a', [event(), event(), event()]);
      expect(await collect(under.log, 1, { batchSize: 1 })).toHaveLength(1);
    });

    it('reads no further than its consumer asks, and loses nothing by waiting', async () => {
      const first = await record(under.log, 'a', [event()]);
      const stop = new AbortController();
      const iterator = under.log.follow({ batchSize: 10, signal: stop.signal })[Symbol.asyncIterator]();
      expect((await iterator.next()).value).toMatchObject({ position: first[0]!.position });
      const later = [];
      for (let i = 0; i < 25; i += 1) later.push(...(await record(under.log, 'a', [event()])));
      const seen: string[] = [];
      while (seen.length < 25) {
        const { value } = (await iterator.next()) as { value: { events: readonly { id: string }[] } };
        seen.push(...value.events.map((one) => one.id));
      }
      expect(seen).toEqual(later.map((one) => one.id));
      stop.abort();
    });

    it('shows every follower everything once and in order while instances write', async () => {
      const instances = [under.log, under.current.open(), under.current.open()];
      const followers = [1, 7, 1_000].map((batchSize) => collect(under.current.open(), 300, { batchSize }));
      await Promise.all(
        instances.map(async (log, n) => {
          for (let i = 0; i < 50; i += 1) await record(log, `s-${n}`, [event(), event()]);
        }),
      );
      const expected = (await under.log.readAll({ max: 1_000 })).events;
      expect(new Set(expected.map((one) => one.id)).size).toBe(300);
      for (const seen of await Promise.all(followers)) expect(seen).toEqual(expected);
    });

    it('ends its followers when it closes', async () => {
      const log = under.current.open();
      const { signal } = new AbortController();
      const next = log.follow({ signal })[Symbol.asyncIterator]().next();
      await log.close();
      expect((await next).done).toBe(true);
    });
  });
};
