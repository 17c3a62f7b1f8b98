import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type EventStoreServer, startEventStoreServer } from '#testkit';
import { collect, readEverything } from '../contract/collect.js';
import { appendOf, event, record } from '../contract/sample-events.js';
import type { EventLog } from '../port.js';
import { createEventStoreLog, type EventStoreLogOptions } from './index.js';

const STREAM = /^lotline\/a$/;
const CLAIM = /^lotline-id-/;

describe('the event log on EventStoreDB, when things go wrong', () => {
  let server: EventStoreServer;
  let closing: (() => Promise<unknown>)[];
  let errors: unknown[];
  const open = (options: Partial<EventStoreLogOptions> = {}): EventLog => {
    const log = createEventStoreLog({
      connectionString: server.url,
      onError: (error) => errors.push(error),
      ...options,
    });
    closing.push(() => log.close());
    return log;
  };
  const until = async (condition: () => boolean): Promise<void> => {
    while (!condition()) await new Promise((resolve) => setImmediate(resolve));
  };
  beforeEach(async () => {
    closing = [];
    errors = [];
    server = await startEventStoreServer();
  });
  afterEach(async () => {
    await Promise.all(closing.map((close) => close()));
    await server.close();
  });

  it.each([
    ['an event', STREAM],
    ['a claim', CLAIM],
  ])('records once and answers as recorded now where the answer to %s is lost', async (_, stream) => {
    const log = open();
    server.loseNextAnswer(stream);
    const events = [event(), event()];
    expect(await record(log, 'a', events, 'no-stream')).toMatchObject([
      { revision: 0, duplicate: false },
      { revision: 1, duplicate: false },
    ]);
    expect(errors).not.toEqual([]);
    expect((await readEverything(log)).map((one) => one.id)).toEqual(events.map((one) => one.id));
    expect(await record(open(), 'a', events, 'no-stream')).toMatchObject([{ duplicate: true }, { duplicate: true }]);
  });

  it('does not take the success of another content under its id for its own', async () => {
    const [log, other] = [open(), open()];
    const mine = event({ data: { crate: 1 } });
    const held = server.holdNextAppend(STREAM);
    const first = record(log, 'a', [mine], 'no-stream');
    const release = await held;
    const second = await other.append([appendOf('a', [{ ...mine, data: { crate: 2 } }], 'no-stream')]);
    release();
    const [recorded] = await first;
    expect(second).toEqual([{ ok: false, reason: 'id-conflict', id: mine.id, position: recorded!.position }]);
    expect(await log.readStream('a')).toHaveLength(1);
  });

  it('waits for whoever has claimed an id for another stream, and takes it over when nothing came of it', async () => {
    const options = { retryFor: 200 };
    const dead = open(options);
    const log = open(options);
    const one = event();
    server.loseNextAnswer(CLAIM);
    // The claim is made; of the event nothing arrives any more.
    const lost = record(dead, 'a', [one], 'no-stream').catch((error: unknown) => error);
    await until(() => server.records.some(({ type }) => type === 'IdClaimed'));
    server.setReady(false);
    expect(await lost).toMatchObject({ kind: 'unavailable', code: 'log-unavailable' });
    server.setReady(true);
    expect(await record(log, 'b', [one], 'no-stream')).toMatchObject([{ revision: 0, duplicate: false }]);
    expect(await record(dead, 'a', [one], 'no-stream')).toMatchObject([{ duplicate: true }]);
    expect((await readEverything(log)).map(({ stream }) => stream)).toEqual(['b']);
  });

  it('finds the revision again where another writer was faster, and says so where one was expected', async () => {
    const log = open();
    await record(log, 'a', [event()]);
    const rival = open();
    const held = server.holdNextAppend(STREAM);
    const first = record(rival, 'a', [event()], 'any');
    const release = await held;
    const expected = await log.append([appendOf('a', [event()], 0)]);
    const any = await record(log, 'a', [event()], 'any');
    release();
    expect(expected).toMatchObject([{ ok: false, reason: 'revision', actual: 1 }]);
    expect(any).toMatchObject([{ revision: 2 }]);
    expect(await first).toMatchObject([{ revision: 1, duplicate: false }]);
  });

  it('answers with the revision where another writer overtakes its append, and appends behind it where none was expected', async () => {
    const log = open();
    const mine = event();
    await record(log, 'a', [event()]);
    server.overtakeNextAppend(STREAM);
    expect(await log.append([appendOf('a', [mine], 0)])).toEqual([
      { ok: false, reason: 'revision', stream: 'a', expected: 0, actual: 1 },
    ]);
    expect(await log.compare([mine])).toEqual([{ found: 'nothing' }]);
    expect(await record(open(), 'a', [mine], 1)).toMatchObject([{ revision: 2, duplicate: false }]);

    server.overtakeNextAppend(STREAM);
    const rest = [event(), event()];
    expect(await record(log, 'a', rest, 'any')).toMatchObject([
      { revision: 4, duplicate: false },
      { revision: 5, duplicate: false },
    ]);
    expect((await log.readStream('a')).map(({ id }) => id).slice(4)).toEqual(rest.map(({ id }) => id));
    expect(await record(log, 'a', rest, 'any')).toMatchObject([{ duplicate: true }, { duplicate: true }]);
  });

  it.each([
    ['ends without an error', () => server.endSubscriptions()],
    ['is dropped as too slow', () => server.failSubscriptions()],
    ['loses its connection', () => server.dropConnections()],
  ])('follows on where its subscription %s', async (_, disturb) => {
    const log = open();
    const follower = collect(log, 3);
    const first = await record(log, 'a', [event()]);
    await until(() => [...server.subscriptions].some(({ sent }) => sent === 1));
    disturb();
    const rest = await record(log, 'a', [event(), event()]);
    expect((await follower).map(({ id }) => id)).toEqual([...first, ...rest].map(({ id }) => id));
    expect(errors).not.toEqual([]);
  });

  it('follows on from the last checkpoint where nothing of it came since', async () => {
    const log = open();
    const [first] = await record(log, 'a', [event()]);
    const follower = collect(log, 1, { after: first!.position });
    await until(() => server.subscriptions.size === 1);
    server.write('$stats-0.0.0.0:2113', '$statsCollected', 1_000);
    await until(() => [...server.subscriptions].some(({ checkpoints }) => checkpoints > 0));
    server.endSubscriptions();
    const start = BigInt(first!.position.slice(20));
    await until(() => [...server.subscriptions].some(({ from }) => (from ?? 0n) > start));
    const [second] = await record(log, 'a', [event()]);
    expect((await follower).map(({ id }) => id)).toEqual([second!.id]);
  });

  it('makes the server wait while its consumer does not ask, and others go on', async () => {
    const log = open();
    const large = Array.from({ length: 400 }, () => event({ data: { text: 'x'.repeat(20_000) } }));
    for (let at = 0; at < large.length; at += 40) await record(log, 'a', large.slice(at, at + 40));
    const stop = new AbortController();
    const slow = log.follow({ batchSize: 10, signal: stop.signal })[Symbol.asyncIterator]();
    expect((await slow.next()).done).toBe(false);
    expect(await collect(log, 400)).toHaveLength(400);
    const [served] = server.subscriptions;
    expect(served!.sent).toBeLessThan(200);
    const seen = [];
    while (seen.length < 300) seen.push(...((await slow.next()).value as { events: unknown[] }).events);
    stop.abort();
    expect((await slow.next()).done).toBe(true);
    await until(() => server.subscriptions.size === 0);
  });

  it('waits for a server that is not ready, and says so when that takes too long', async () => {
    const log = open();
    server.setReady(false);
    const waiting = record(log, 'a', [event()]);
    await until(() => errors.length >= 2);
    server.setReady(true);
    expect(await waiting).toMatchObject([{ duplicate: false }]);

    const impatient = open({ retryFor: 50 });
    server.setReady(false);
    await expect(record(impatient, 'a', [event()])).rejects.toMatchObject({
      kind: 'unavailable',
      code: 'log-unavailable',
    });
    await expect(impatient.head()).rejects.toMatchObject({ kind: 'unavailable', code: 'log-unavailable' });
    server.setReady(true);
  });

  it('goes to the new leader, by the answer of the old one and by gossip', async () => {
    const second = await startEventStoreServer({ follows: server });
    closing.unshift(() => second.close());
    const log = open();
    const discovering = open({
      connectionString: `esdb://127.0.0.1:${server.port},127.0.0.1:${second.port}?tls=false&nodePreference=leader`,
    });
    await record(log, 'a', [event()]);
    await record(discovering, 'a', [event()]);
    second.lead();
    expect(await record(log, 'a', [event()], 1)).toMatchObject([{ revision: 2, duplicate: false }]);
    expect(await record(discovering, 'a', [event()], 2)).toMatchObject([{ revision: 3, duplicate: false }]);
    expect(second.calls).toContain('batchAppend');
    server.setReady(false);
    expect(await discovering.readStream('a')).toHaveLength(4);
    server.setReady(true);
  });

  it('gives record times as the server stamps them, to everybody alike', async () => {
    const log = open();
    const [before] = await record(log, 'a', [event()]);
    server.moveClock(-60_000);
    const [after] = await record(log, 'a', [event()]);
    expect(Date.parse(after!.recordTime)).toBeLessThan(Date.parse(before!.recordTime));
    const times = [before!.recordTime, after!.recordTime];
    expect((await readEverything(log)).map(({ recordTime }) => recordTime)).toEqual(times);
    expect((await open().readAll({ after: before!.position })).events[0]!.recordTime).toBe(times[1]);
  });
});
