import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { Publication } from '#event-bus';
import { createPostgresEventLog, eventLogMigrations, type EventLog, raiseEpoch } from '#event-log';
import { createTestDatabase, type TestDatabase } from '#testkit';
import { appendEvents } from './append-events.fixture.js';
import { relayMigrations } from './lease/migrations.js';
import { createRecordingPublisher, type RecordingPublisher } from './recording-publisher.fixture.js';
import { type Relay, type RelayOptions, type Role, startRelay } from './relay.js';
import { until } from './until.fixture.js';

const DELAYS = { firstMs: 20, longestMs: 100 };

interface Observed {
  relay: Relay;
  roles: Role[];
  failures: string[];
  deposed: string[];
}

describe('the relay', () => {
  let database: TestDatabase;
  let log: EventLog;
  let publisher: RecordingPublisher;
  let relays: Relay[];
  beforeAll(async () => {
    database = await createTestDatabase({ migrations: [...eventLogMigrations, ...relayMigrations] });
    log = createPostgresEventLog({ pool: database.pool });
  });
  beforeEach(async () => {
    publisher = createRecordingPublisher();
    relays = [];
    // What earlier tests left in the log counts as published.
    await database.pool.query(`UPDATE relay.checkpoints SET position = $1`, [await log.head()]);
  });
  afterEach(async () => {
    publisher.meets(undefined);
    await Promise.all(relays.map((relay) => relay.stop()));
  });
  afterAll(async () => {
    await log.close();
    await database.drop();
  });

  const start = (changes: Partial<RelayOptions> = {}): Observed => {
    const [roles, failures, deposed]: [Role[], string[], string[]] = [[], [], []];
    const relay = startRelay({
      pool: database.pool,
      log,
      publisher,
      holder: `relay-${relays.length}`,
      leaseMs: 60_000,
      lookEveryMs: 20,
      watermark: { firstMs: 20, longestMs: 80 },
      batchSize: 100,
      delays: DELAYS,
      observer: {
        role: (role) => roles.push(role),
        published: () => undefined,
        failed: (error) => failures.push((error as Error).message),
        deposed: (why) => deposed.push(why.message),
      },
      ...changes,
    });
    relays.push(relay);
    return { relay, roles, failures, deposed };
  };
  const isPublished = (positions: readonly string[]) =>
    until('all is published', () => new Set(publisher.positions()).size >= positions.length);
  const checkpoint = async () =>
    (await database.pool.query('SELECT epoch, position, holder FROM relay.checkpoints')).rows[0] as {
      epoch: string;
      position: string;
      holder: string | null;
    };
  /** Each publication begins where an earlier one ended: a reader of them all finds no gap. */
  const expectChained = (publications: readonly Publication[], from: string): void => {
    let reached = from;
    for (const { after, position, events } of publications) {
      expect(after <= reached).toBe(true);
      expect(events.every((event) => event.position > after && event.position <= position)).toBe(true);
      if (position > reached) reached = position;
    }
  };

  it('publishes what is there and what comes, in log order, one publication after another', async () => {
    const from = await log.head();
    const there = await appendEvents(log, 250);
    start();
    await isPublished(there);
    const all = [...there, ...(await appendEvents(log, 30))];
    await isPublished(all);
    expect(publisher.positions()).toEqual(all);
    expectChained(publisher.publications, from);
    expect(
      publisher.publications
        .map(({ events }) => events.length)
        .filter((n) => n > 0)
        .slice(0, 3),
    ).toEqual([100, 100, 50]);
    const { logId, epoch } = await log.identity();
    for (const { log: of } of publisher.publications) expect(of).toEqual({ logId, epoch });
  });

  it('tells its position while nothing happens, ever more seldom until something does', async () => {
    const positions = await appendEvents(log, 3);
    const told: number[] = [];
    publisher.meets(({ events }) => {
      if (events.length === 0) told.push(performance.now());
      return Promise.resolve();
    });
    start();
    await isPublished(positions);
    const watermarks = () => publisher.publications.filter(({ events }) => events.length === 0);
    await until('five watermarks', () => watermarks().length >= 5);
    for (const { after, position } of watermarks()) expect([after, position]).toEqual([positions[2], positions[2]]);
    const pauses = told.slice(1, 5).map((at, i) => at - (told[i] ?? 0));
    // A timer may come late, and a millisecond early.
    for (const [i, least] of [40, 80, 80, 80].entries()) expect(pauses[i]).toBeGreaterThanOrEqual(least - 2);
    const [last] = await appendEvents(log, 1);
    await isPublished([...positions, last ?? '']);
  });

  // A connection that died without a word: the relay went on to tell that it is active and that nothing is behind.
  it('does not take a log that hands nothing over for one that has ended', async () => {
    let follows = 0;
    const hanging: EventLog = {
      ...log,
      async *follow(options) {
        follows += 1;
        if (follows > 1) yield* log.follow(options);
        else await new Promise((resolve) => options.signal.addEventListener('abort', resolve));
      },
    };
    const positions = await appendEvents(log, 3);
    const { relay, failures } = start({ log: hanging });
    await until('it is seen to be behind', () => relay.status().behindSince !== undefined);
    await isPublished(positions);
    expect(failures).toEqual(['the log has more, but does not hand it over']);
    await until('it is behind no more', () => relay.status().behindSince === undefined);
    expect(publisher.positions()).toEqual(positions);
  });

  it('takes note only of what the broker has acknowledged', async () => {
    const from = await log.head();
    let acknowledge: (() => void) | undefined;
    publisher.meets(() => new Promise((resolve) => (acknowledge = resolve)));
    const [position] = await appendEvents(log, 1);
    start();
    await until('the broker was asked', () => acknowledge !== undefined);
    expect((await checkpoint()).position).toBe(from);
    publisher.meets(undefined);
    acknowledge?.();
    await until('it took note', async () => (await checkpoint()).position === position);
  });

  it('reads again from its checkpoint after a failure, and says what failed', async () => {
    const from = await log.head();
    const positions = await appendEvents(log, 350);
    let calls = 0;
    publisher.meets((publication) => {
      const call = (calls += 1);
      // A part of the third publication got through before the broker went away.
      if (call === 3) void publisher.publish({ ...publication, events: publication.events.slice(0, 40) });
      return call === 3 || call === 5 ? Promise.reject(new Error(`broker away ${call}`)) : Promise.resolve();
    });
    const { failures, relay } = start();
    await isPublished(positions);
    await until('it is active', () => relay.status().role === 'active');
    expect(failures).toEqual(['broker away 3', 'broker away 5']);
    expect([...new Set(publisher.positions())]).toEqual(positions);
    expect(publisher.positions().length).toBe(positions.length + 40);
    expectChained(publisher.publications, from);
  });

  it('says how far behind it is, and that it fails, while nothing gets through', async () => {
    publisher.meets(() => Promise.reject(new Error('no broker')));
    await appendEvents(log, 1);
    const { relay } = start();
    await until('it says so', () => relay.status().role === 'failing');
    const [event] = (await log.readAll({ after: (await checkpoint()).position, max: 1 })).events;
    expect(relay.status().behindSince).toBe(event?.recordTime);
    publisher.meets(undefined);
    await until('it goes on', () => relay.status().role === 'active' && relay.status().behindSince === undefined);
  });

  it('publishes while others stand by; the next takes over at once when it stops', async () => {
    const first = start();
    await until('one is active', () => first.relay.status().role === 'active');
    const second = start();
    await until('the other stands by', () => second.relay.status().role === 'standby');
    const before = await appendEvents(log, 200);
    await isPublished(before);
    expect((await checkpoint()).holder).toBe('relay-0');
    await first.relay.stop();
    const after = await appendEvents(log, 200);
    await isPublished([...before, ...after]);
    expect(publisher.positions()).toEqual([...before, ...after]);
    expect((await checkpoint()).holder).toBe('relay-1');
    expect([first.deposed, second.roles]).toEqual([[], ['standby', 'active']]);
  });

  it('finishes and notes what is under way when it is told to stop', async () => {
    let acknowledge: (() => void) | undefined;
    publisher.meets(() => new Promise((resolve) => (acknowledge = resolve)));
    const [position] = await appendEvents(log, 1);
    const { relay } = start();
    await until('the broker was asked', () => acknowledge !== undefined);
    const stopped = relay.stop();
    acknowledge?.();
    await stopped;
    expect(await checkpoint()).toMatchObject({ position, holder: null });
  });

  it('leaves the lease to another where it cannot publish for as long as it lasts', async () => {
    const cutOff = createRecordingPublisher();
    cutOff.meets(() => Promise.reject(new Error('no route to the broker')));
    const positions = await appendEvents(log, 5);
    const first = start({ publisher: cutOff, leaseMs: 300, delays: { firstMs: 20, longestMs: 50 } });
    await until('it tried', () => first.failures.length > 0);
    start({ leaseMs: 300 });
    await isPublished(positions);
    expect(first.deposed).toEqual(['nothing could be published for the length of a lease']);
  });

  it('goes on in the new epoch from the checkpoint after a backup was restored', async () => {
    const before = await appendEvents(log, 10);
    const { relay, deposed } = start();
    await isPublished(before);
    await until('it took note', async () => (await checkpoint()).position === before[9]);
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    const { epoch } = await raiseEpoch(client);
    await client.end();
    const after = await appendEvents(log, 10);
    await isPublished([...before, ...after]);
    expect(deposed).toEqual([`the log is in epoch ${epoch} now`]);
    for (const publication of publisher.publications)
      for (const { position } of publication.events)
        expect(publication.log.epoch).toBe(before.includes(position) ? epoch - 1 : epoch);
    expect(publisher.positions()).toEqual([...before, ...after]);
    await until('it is active', () => relay.status().role === 'active');
    expect(await checkpoint()).toMatchObject({ epoch: String(epoch), position: after[9] });
  });

  it('says what to do where the log ends before what was published', async () => {
    await appendEvents(log, 1);
    await database.pool.query(`UPDATE relay.checkpoints SET position = '9999999999999999'`);
    const { relay, failures } = start();
    await until('it says so', () => failures.length > 0);
    expect(failures[0]).toMatch(/the log ends at .* but was published up to 9999999999999999.*-- restored/);
    expect(relay.status().role).toBe('failing');
    expect(publisher.publications).toEqual([]);
  });

  it('goes on after its database was away', async () => {
    const positions = await appendEvents(log, 200);
    let calls = 0;
    publisher.meets(async () => {
      calls += 1;
      if (calls === 2)
        await database.pool.query(
          'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
        );
    });
    start();
    await isPublished(positions);
    expect([...new Set(publisher.positions())]).toEqual(positions);
  });
});
