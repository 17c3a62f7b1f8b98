import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { NewEvent } from '#contracts';
import type { EventLog } from '#event-log';
import { allPartitions, type ConsumeOptions, type Delivery, type EventBus, type Partition } from '../port.js';

/** A bus over a log of its own, ready; whoever publishes to it is running. The key of an event is its stream. */
export interface BusUnderTest {
  bus: EventBus;
  log: EventLog;
  /** Fresh for each test where the adapter needs it (a topic). How many partitions it divides into. */
  partitions: number;
  dispose(): Promise<void>;
}

const event = (n: number): NewEvent => ({
  id: randomUUID(),
  type: 'Counted',
  schemaVersion: 1,
  eventTime: '2026-01-01T00:00:00Z',
  data: { n },
  meta: { source: 'test', actor: 'test', correlationId: 'test' },
});

interface Collected {
  deliveries: Delivery[];
  errors: unknown[];
  /** Last position of each partition; where the consumer stands, as its own store would say. */
  stands: Map<number, string>;
  options: ConsumeOptions;
  /** Resolves when the condition holds after a delivery or an error. */
  until(condition: () => boolean): Promise<void>;
  /** Every partition contains this position. */
  reached(position: string): Promise<void>;
  ids(): string[];
}

/** A consumer that keeps its places in memory, as a projection keeps them in its database. */
const collector = (partitions: readonly Partition[], more: Partial<ConsumeOptions> = {}): Collected => {
  const deliveries: Delivery[] = [];
  const errors: unknown[] = [];
  const stands = new Map<number, string>();
  const waiting = new Set<() => void>();
  const moved = (): void => {
    for (const check of waiting) check();
  };
  const until = (condition: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const check = (): void => {
        if (!condition()) return;
        waiting.delete(check);
        resolve();
      };
      waiting.add(check);
      check();
    });
  return {
    deliveries,
    errors,
    stands,
    until,
    reached: (position) => until(() => partitions.every(({ index }) => (stands.get(index) ?? '') >= position)),
    ids: () => deliveries.flatMap(({ events }) => events.map(({ id }) => id)),
    options: {
      group: `g-${randomUUID()}`,
      partitions,
      startAfter: ({ index }) => {
        const position = stands.get(index);
        return Promise.resolve(position === undefined ? undefined : { position });
      },
      ...more,
      onDelivery: async (delivery) => {
        await more.onDelivery?.(delivery);
        deliveries.push(delivery);
        stands.set(delivery.partition.index, delivery.position);
        moved();
      },
      onError: (error) => {
        errors.push(error);
        moved();
      },
    },
  };
};

/**
 * What every event bus promises, whatever carries the events. A consumer that keeps its places gets every event of its
 * partitions once and in order; a consumer that loses a delivery gets it again.
 */
export const describeEventBus = (name: string, create: () => Promise<BusUnderTest>): void => {
  describe(`event bus on ${name}`, () => {
    let under: BusUnderTest;
    let all: Partition[];
    beforeEach(async () => {
      under = await create();
      all = allPartitions(under.partitions);
    });
    afterEach(() => under.dispose());

    /** @returns ids in log order and the last position. */
    const append = async (count: number, streams = 7): Promise<{ ids: string[]; position: string }> => {
      const events = Array.from({ length: count }, (_, i) => event(i));
      const results = await under.log.append(
        events.map((e, i) => ({ stream: `s-${i % streams}`, expected: 'any', events: [e] })),
      );
      const recorded = results.flatMap((result) => (result.ok ? result.recorded : []));
      const ordered = [...recorded].sort((a, b) => (a.position < b.position ? -1 : 1));
      return { ids: ordered.map(({ id }) => id), position: ordered.at(-1)!.position };
    };

    it('delivers everything once: what was there and what comes', async () => {
      const before = await append(50);
      const consumer = collector(all);
      const subscription = await under.bus.consume(consumer.options);
      await consumer.reached(before.position);
      const after = await append(50);
      await consumer.reached(after.position);
      await subscription.stop();
      expect(consumer.ids().sort()).toEqual([...before.ids, ...after.ids].sort());
      expect(consumer.errors).toEqual([]);
    });

    it('divides by key: each event in its partition, in log order, with a watermark that never goes back', async () => {
      const { position } = await append(120, 30);
      const consumer = collector(all, { batchSize: 9 });
      const subscription = await under.bus.consume(consumer.options);
      await consumer.reached(position);
      await subscription.stop();
      const identity = await under.log.identity();
      for (const { index, of } of all) {
        const mine = consumer.deliveries.filter(({ partition }) => partition.index === index);
        const events = mine.flatMap((delivery) => delivery.events);
        expect(events.every((e) => under.bus.partitionOf(e, of) === index)).toBe(true);
        expect(events.map((e) => e.position)).toEqual(events.map((e) => e.position).sort());
        let watermark = '';
        for (const delivery of mine) {
          expect(delivery.position > watermark).toBe(true);
          expect(delivery.events.every((e) => e.position > watermark && e.position <= delivery.position)).toBe(true);
          expect(delivery.events.length).toBeLessThanOrEqual(9);
          expect(delivery.log).toEqual(identity);
          watermark = delivery.position;
        }
      }
      const used = new Set(consumer.deliveries.filter((d) => d.events.length > 0).map((d) => d.partition.index));
      expect(used.size).toBe(under.partitions);
    });

    it('moves the watermark of partitions that nothing falls on', async () => {
      const consumer = collector(all);
      const subscription = await under.bus.consume(consumer.options);
      const { position, ids } = await append(3, 1);
      await consumer.reached(position);
      await subscription.stop();
      expect(consumer.ids().sort()).toEqual(ids.sort());
    });

    it('starts where the consumer says it stands', async () => {
      const first = await append(10);
      const second = await append(10);
      const consumer = collector(all);
      for (const { index } of all) consumer.stands.set(index, first.position);
      const subscription = await under.bus.consume(consumer.options);
      await consumer.reached(second.position);
      await subscription.stop();
      expect(consumer.ids().sort()).toEqual(second.ids.sort());
    });

    it('delivers again from where the consumer stands after a rejection, and tells of it', async () => {
      let rejections = 0;
      const consumer = collector(all, {
        batchSize: 4,
        onDelivery: () => {
          rejections += 1;
          return rejections % 2 === 1 && rejections < 9 ? Promise.reject(new Error('not now')) : Promise.resolve();
        },
      });
      const { ids, position } = await append(60);
      const subscription = await under.bus.consume(consumer.options);
      await consumer.reached(position);
      await subscription.stop();
      expect(consumer.errors).toHaveLength(4);
      expect(consumer.ids().sort()).toEqual(ids.sort());
      for (const { index } of all) {
        const positions = consumer.deliveries
          .filter(({ partition }) => partition.index === index)
          .flatMap((delivery) => delivery.events.map((e) => e.position));
        expect(positions).toEqual([...positions].sort());
      }
    });

    it('tries again where the consumer cannot say where it stands', async () => {
      let asked = 0;
      const consumer = collector(all, {
        startAfter: () => ((asked += 1) === 1 ? Promise.reject(new Error('no database')) : Promise.resolve(undefined)),
      });
      const subscription = await under.bus.consume(consumer.options);
      const { ids, position } = await append(5);
      await consumer.reached(position);
      await subscription.stop();
      expect(consumer.ids().sort()).toEqual(ids.sort());
      expect(consumer.errors).toHaveLength(1);
    });

    it('hands over one delivery of a partition at a time', async () => {
      const busy = new Set<number>();
      let overlaps = 0;
      const consumer = collector(all, {
        batchSize: 3,
        onDelivery: async ({ partition }) => {
          if (busy.has(partition.index)) overlaps += 1;
          busy.add(partition.index);
          await new Promise(setImmediate);
          busy.delete(partition.index);
        },
      });
      const { position } = await append(100);
      const subscription = await under.bus.consume(consumer.options);
      await consumer.reached(position);
      await subscription.stop();
      expect(overlaps).toBe(0);
    });

    it('delivers nothing while paused, and everything after', async () => {
      const consumer = collector(all);
      const subscription = await under.bus.consume(consumer.options);
      const first = await append(10);
      await consumer.reached(first.position);
      subscription.pause();
      const delivered = consumer.deliveries.length;
      const other = collector(all);
      const witness = await under.bus.consume(other.options);
      const second = await append(10);
      // Another group shows that the events are there.
      await other.reached(second.position);
      expect(consumer.deliveries).toHaveLength(delivered);
      subscription.resume();
      await consumer.reached(second.position);
      await Promise.all([subscription.stop(), witness.stop()]);
      expect(consumer.ids().sort()).toEqual([...first.ids, ...second.ids].sort());
    });

    it('finishes the delivery under way when it stops, and delivers nothing after', async () => {
      let finish: () => void = () => undefined;
      let begin: () => void = () => undefined;
      const finished = new Promise<void>((resolve) => (finish = resolve));
      const begun = new Promise<void>((resolve) => (begin = resolve));
      const consumer = collector(all, {
        onDelivery: async ({ events }) => {
          if (events.length === 0) return;
          begin();
          await finished;
        },
      });
      const subscription = await under.bus.consume(consumer.options);
      await append(1, 1);
      await begun;
      let isStopped = false;
      const stopping = subscription.stop().then(() => (isStopped = true));
      await new Promise(setImmediate);
      expect(isStopped).toBe(false);
      finish();
      await stopping;
      expect(consumer.ids()).toHaveLength(1);
      const delivered = consumer.deliveries.length;
      const other = collector(all);
      const witness = await under.bus.consume(other.options);
      await other.reached((await append(5)).position);
      await Promise.all([witness.stop(), subscription.stop()]);
      expect(consumer.deliveries).toHaveLength(delivered);
    });

    it('serves groups and members apart', async () => {
      const half = Math.ceil(all.length / 2);
      const groups = [collector(all), collector(all.slice(0, half)), collector(all.slice(half))] as const;
      const [whole, left, right] = groups;
      const subscriptions = await Promise.all([
        under.bus.consume(whole.options),
        under.bus.consume({ ...left.options, group: 'divided' }),
        under.bus.consume({ ...right.options, group: 'divided' }),
      ]);
      const { ids, position } = await append(80, 40);
      const divided = (): string[] => [...left.ids(), ...right.ids()];
      await whole.reached(position);
      // A broker may give one member more than it asked for, as long as the group gets everything.
      // Whichever gets the last one sees that it is.
      await Promise.any([left, right].map((c) => c.until(() => divided().length >= ids.length)));
      await Promise.all(subscriptions.map((subscription) => subscription.stop()));
      expect(whole.ids().sort()).toEqual(ids.sort());
      expect(divided().sort()).toEqual(ids);
    });
  });
};
