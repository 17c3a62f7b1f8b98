import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type EventStoreServer, startEventStoreServer } from '#testkit';
import { collect } from '../contract/collect.js';
import { event, record } from '../contract/sample-events.js';
import type { EventLog } from '../port.js';
import { createEventStoreLog } from './index.js';

describe('the event log on a cluster of EventStoreDB, followed on a follower', () => {
  let leader: EventStoreServer;
  let follower: EventStoreServer;
  let running: Set<EventStoreServer>;
  let log: EventLog;
  beforeEach(async () => {
    leader = await startEventStoreServer();
    follower = await startEventStoreServer({ follows: leader });
    running = new Set([leader, follower]);
    log = createEventStoreLog({
      connectionString: `esdb://127.0.0.1:${leader.port},127.0.0.1:${follower.port}?tls=false&nodePreference=follower`,
    });
  });
  afterEach(async () => {
    await log.close();
    await Promise.all([...running].map((server) => server.close()));
  });
  const until = async (condition: () => boolean): Promise<void> => {
    while (!condition()) await new Promise((resolve) => setImmediate(resolve));
  };
  const appended = async (count: number): Promise<string[]> =>
    (
      await record(
        log,
        'a',
        Array.from({ length: count }, () => event()),
      )
    ).map(({ id }) => id);
  /** Ids that a follower has handed out, in order. */
  const follow = (count: number): Promise<string[]> => collect(log, count).then((seen) => seen.map(({ id }) => id));

  it('appends to and reads from the leader, and finds the new ones of both when they change', async () => {
    const following = follow(6);
    const first = await appended(2);
    await until(() => [...follower.subscriptions].some(({ sent }) => sent === 2));
    expect(leader.subscriptions.size).toBe(0);
    expect(leader.calls).toEqual(expect.arrayContaining(['batchAppend', 'read']));

    const before = follower.calls.length;
    follower.lead();
    const second = await appended(2);
    expect(follower.calls.slice(before)).toEqual(expect.arrayContaining(['batchAppend', 'read']));

    // What was a follower stays subscribed to until it lets go, as a node does that takes another role.
    follower.dropConnections();
    await until(() => leader.subscriptions.size === 1);
    expect(follower.subscriptions.size).toBe(0);
    const third = await appended(2);
    expect(await following).toEqual([...first, ...second, ...third]);
  });

  it('follows the leader where no follower is left', async () => {
    const following = follow(2);
    const first = await appended(1);
    await until(() => [...follower.subscriptions].some(({ sent }) => sent === 1));
    running.delete(follower);
    await follower.close();
    await until(() => leader.subscriptions.size === 1);
    const second = await appended(1);
    expect(await following).toEqual([...first, ...second]);
  });
});
