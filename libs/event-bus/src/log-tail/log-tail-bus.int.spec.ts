import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { createPostgresEventLog, type EventLog, eventLogMigrations, raiseEpoch } from '#event-log';
import { createTestDatabase, type TestDatabase } from '#testkit';
import { describeEventBus } from '../contract/event-bus-contract.js';
import { allPartitions, type Subscription } from '../port.js';
import { PAGE, createSharedPages } from '../shared-pages.js';
import { createLogTailBus } from './log-tail-bus.js';

const retry = { firstMs: 2, longestMs: 20 };

describeEventBus('the log tail', async () => {
  const db = await createTestDatabase({ migrations: eventLogMigrations });
  const log = createPostgresEventLog({ connectionString: db.url });
  // A small window, so that consumers also fall behind it.
  const bus = createLogTailBus({ log, keyOf: ({ stream }) => stream, retry, windowEvents: 20 });
  return {
    bus,
    log,
    partitions: 4,
    async dispose() {
      await bus.close();
      await log.close();
      await db.drop();
    },
  };
});

describe('the log tail', () => {
  let db: TestDatabase;
  let log: EventLog;
  beforeEach(async () => {
    db = await createTestDatabase({ migrations: eventLogMigrations });
    log = createPostgresEventLog({ connectionString: db.url });
  });
  afterEach(async () => {
    await log.close();
    await db.drop();
  });

  const append = async (n: number): Promise<string> => {
    const results = await log.append(
      Array.from({ length: n }, (_, i) => ({
        stream: `s-${i}`,
        expected: 'any' as const,
        events: [
          {
            id: randomUUID(),
            type: 'Counted',
            schemaVersion: 1,
            eventTime: '2026-01-01T00:00:00Z',
            data: { i },
            meta: { source: 'test', actor: 'test', correlationId: 'test' },
          },
        ],
      })),
    );
    return results
      .flatMap((result) => (result.ok ? result.recorded.map(({ position }) => position) : []))
      .sort()
      .at(-1)!;
  };

  it('reads the log once for all consumers of a process, also while they catch up', async () => {
    await append(2500);
    let pages = 0;
    let followers = 0;
    const counted: EventLog = {
      ...log,
      readAll: (options) => ((pages += 1), log.readAll(options)),
      follow: (options) => ((followers += 1), log.follow(options)),
    };
    const bus = createLogTailBus({ log: counted, keyOf: ({ stream }) => stream, retry });
    const seen = new Map<string, number>();
    const head = await append(1);
    const subscriptions: Subscription[] = [];
    await new Promise<void>((resolve, reject) => {
      const arrived = new Set<string>();
      for (const group of ['a', 'b', 'c', 'd'])
        void bus
          .consume({
            group,
            partitions: allPartitions(2),
            startAfter: () => Promise.resolve(undefined),
            onDelivery: ({ partition, events, position }) => {
              seen.set(group, (seen.get(group) ?? 0) + events.length);
              if (position === head) arrived.add(`${group}${partition.index}`);
              if (arrived.size === 8) resolve();
              return Promise.resolve();
            },
            onError: reject,
          })
          .then((subscription) => subscriptions.push(subscription));
    });
    await bus.close();
    expect([...seen.values()]).toEqual([2501, 2501, 2501, 2501]);
    expect(followers).toBe(1);
    // Eight lanes read three pages each; in step they share them, out of step a few are read twice.
    expect(pages).toBeLessThan(12);
  });

  it('goes on when following the log breaks', async () => {
    let follows = 0;
    const flaky: EventLog = {
      ...log,
      async *follow(options) {
        follows += 1;
        if (follows === 1) throw new Error('gone');
        for await (const batch of log.follow(options)) {
          yield batch;
          // As a server that closes in good order: the subscription ends without an error.
          if (follows === 2) return;
        }
      },
    };
    const bus = createLogTailBus({ log: flaky, keyOf: ({ stream }) => stream, retry });
    const ids: string[] = [];
    const errors: unknown[] = [];
    let stands = '';
    let arrived: () => void = () => undefined;
    let wanted = 'nothing yet';
    await bus.consume({
      group: 'g',
      partitions: allPartitions(1),
      startAfter: () => Promise.resolve({ position: stands }),
      onDelivery: ({ events, position }) => {
        ids.push(...events.map(({ id }) => id));
        stands = position;
        if (position >= wanted) arrived();
        return Promise.resolve();
      },
      onError: (error) => void errors.push(error),
    });
    for (let round = 1; round <= 3; round++) {
      wanted = await append(3);
      await new Promise<void>((resolve) => {
        arrived = resolve;
        if (stands >= wanted) resolve();
      });
      expect(new Set(ids).size).toBe(3 * round);
    }
    expect(ids).toHaveLength(9);
    expect(errors.map(String)).toContain('Error: gone');
    expect(follows).toBeGreaterThanOrEqual(3);
    await bus.close();
  });

  /** As a backup of an empty log brings it back. */
  const restoreEmpty = async (): Promise<void> => {
    const client = await db.pool.connect();
    try {
      await client.query(`TRUNCATE log.events, log.ids, log.streams; UPDATE log.tail SET position = 0`);
      await raiseEpoch(client);
    } finally {
      client.release();
    }
  };

  it('lets everybody begin anew once the log has entered another epoch, also who waits at its end', async () => {
    const last = await append(3);
    const bus = createLogTailBus({ log, keyOf: ({ stream }) => stream, retry, epochEveryMs: 20 });
    const delivered: { epoch: number; ids: string[] }[] = [];
    const told: string[] = [];
    let stands = '';
    const reached = Promise.withResolvers<undefined>();
    const again = Promise.withResolvers<undefined>();
    let begins = 0;
    await bus.consume({
      group: 'g',
      partitions: allPartitions(1),
      startAfter: () => {
        begins += 1;
        // What an operator does: it goes on from the beginning of the log as it is now.
        if (begins > 1) stands = '';
        return Promise.resolve({ position: stands });
      },
      onDelivery: ({ events, position, log: { epoch } }) => {
        delivered.push({ epoch, ids: events.map(({ id }) => id) });
        stands = position;
        if (position === last) reached.resolve(undefined);
        if (epoch === 2) again.resolve(undefined);
        return Promise.resolve();
      },
      onError: (error) => void told.push(String(error)),
    });
    await reached.promise;
    await restoreEmpty();
    await append(1);
    await again.promise;
    const { events } = await log.readAll({ max: 10 });
    expect(delivered.filter(({ epoch }) => epoch === 2).flatMap(({ ids }) => ids)).toEqual(events.map(({ id }) => id));
    expect(told).toContain('Error: the log has entered another epoch');
    await bus.close();
  });

  it('keeps no page of an earlier epoch', async () => {
    await append(PAGE);
    const pages = createSharedPages(log, 10 * PAGE);
    expect((await pages.read('', await log.identity())).events).toHaveLength(PAGE);
    await restoreEmpty();
    await append(2);
    expect((await pages.read('', await log.identity())).events).toHaveLength(2);
  });
});
