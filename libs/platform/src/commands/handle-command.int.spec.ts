import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPostgresEventLog, eventLogMigrations, type EventLog } from '#event-log';
import type { DecidedEvent, RecordedEvent } from '#contracts';
import { refused, type Decider, type LotlineError } from '#kernel';
import { createTestDatabase, type TestDatabase } from '#testkit';
import { handleCommand } from './handle-command.js';
import { processContext, type CommandContext } from './command-context.js';

type Moved = DecidedEvent<'Moved', { by: number }>;
const till: Decider<number, number, Moved> = {
  initialState: () => 0,
  evolve: (sum, event) => sum + event.data.by,
  decide: (by, sum) => {
    if (by === 0) return [];
    if (sum + by < 0)
      throw refused('too-little', 'there is not enough', [{ code: 'too-little', message: `${sum} there` }]);
    return [{ type: 'Moved', schemaVersion: 1, eventTime: '2026-04-20T08:00:00Z', data: { by } }];
  },
};

let database: TestDatabase;
let log: EventLog;
let stream: string;
let streams = 0;

beforeAll(async () => {
  database = await createTestDatabase({ migrations: eventLogMigrations });
  log = createPostgresEventLog({ pool: database.pool });
});
afterAll(async () => {
  await log.close();
  await database.drop();
});

const newStream = (): string => (stream = `till-${++streams}`);
const command = (id: string): CommandContext => ({
  actor: 'key:test',
  correlationId: 'c-1',
  commandId: id,
  eventSeed: `test:${id}`,
});
const move = (by: number, id: string, more: { expected?: number | 'no-stream'; step?: string; log?: EventLog } = {}) =>
  handleCommand({ log, stream, decider: till, command: by, source: 'lotline/test', context: command(id), ...more });
const codeOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => (error as LotlineError).code,
  );

describe('handling a command', () => {
  it('records what is decided, with its envelope', async () => {
    newStream();
    const handled = await move(5, 'a');
    expect(handled).toMatchObject({ state: 5, revision: 0, duplicate: false });
    const [event] = await log.readStream(stream);
    expect(event).toMatchObject({
      type: 'Moved',
      data: { by: 5 },
      position: handled.position,
      meta: { source: 'lotline/test', actor: 'key:test', correlationId: 'c-1', commandId: 'a' },
    });
  });

  it('records nothing where nothing is decided, and nothing where it is refused', async () => {
    newStream();
    expect(await move(0, 'a')).toMatchObject({ state: 0, revision: -1, position: undefined });
    expect(await codeOf(move(-1, 'b'))).toBe('too-little');
    expect(await log.readStream(stream)).toEqual([]);
  });

  it('is done once: the same command again gives the first result, whatever happened since', async () => {
    newStream();
    const first = await move(5, 'a');
    await move(-5, 'b');
    const again = await move(5, 'a');
    expect(again).toMatchObject({ duplicate: true, position: first.position, state: 0, revision: 1 });
    // Even one that would be refused by now.
    expect(await move(-5, 'b')).toMatchObject({ duplicate: true });
    expect(await log.readStream(stream)).toHaveLength(2);
  });

  it('tells steps of one command apart', async () => {
    newStream();
    await move(5, 'a', { step: 'one' });
    await move(5, 'a', { step: 'two' });
    expect((await move(5, 'a', { step: 'two' })).state).toBe(10);
  });

  it('is decided at the revision the caller saw, or not at all', async () => {
    newStream();
    await move(5, 'a', { expected: 'no-stream' });
    expect(await codeOf(move(1, 'b', { expected: 'no-stream' }))).toBe('revision-conflict');
    expect(await codeOf(move(1, 'c', { expected: 3 }))).toBe('revision-conflict');
    expect(await move(1, 'd', { expected: 0 })).toMatchObject({ revision: 1 });
    // A retry of what succeeded is no conflict, though the stream went on.
    expect(await move(1, 'd', { expected: 0 })).toMatchObject({ duplicate: true });
  });

  it('never gives the last of it twice: 16 callers, 5 there', async () => {
    newStream();
    await move(5, 'fill');
    const outcomes = await Promise.all(Array.from({ length: 16 }, (_, i) => codeOf(move(-1, `take-${i}`))));
    expect(outcomes.filter((code) => code === 'done')).toHaveLength(5);
    expect(outcomes.filter((code) => code === 'too-little')).toHaveLength(11);
    expect((await move(0, 'look')).state).toBe(0);
  });

  it('is done once by 8 at the same time', async () => {
    newStream();
    const all = await Promise.all(Array.from({ length: 8 }, () => move(5, 'same')));
    expect(new Set(all.map(({ position }) => position)).size).toBe(1);
    expect(await log.readStream(stream)).toHaveLength(1);
  });

  it('gives up where others win every time', async () => {
    newStream();
    let others = 0;
    const busy: EventLog = {
      ...log,
      append: async (appends) => {
        await move(1, `other-${++others}`);
        return log.append(appends);
      },
    };
    const work = handleCommand({
      log: busy,
      stream,
      decider: till,
      command: 1,
      source: 'lotline/test',
      context: command('slow'),
      maxAttempts: 3,
    });
    expect(await codeOf(work)).toBe('too-many-conflicts');
    expect(others).toBe(3);
  });

  it('reads anew what the command needs when it decides anew', async () => {
    newStream();
    let reads = 0;
    const once: EventLog = {
      ...log,
      append: async (appends) => {
        if (reads === 1) await move(1, 'other');
        return log.append(appends);
      },
    };
    const handled = await handleCommand({
      log: once,
      stream,
      decider: till,
      command: () => Promise.resolve(++reads * 10),
      source: 'lotline/test',
      context: command('x'),
    });
    expect([reads, handled.state]).toEqual([2, 21]);
  });

  it('of a process derives from the event that caused it', async () => {
    newStream();
    await move(5, 'cause');
    const [cause] = (await log.readStream(stream)) as [RecordedEvent];
    newStream();
    const react = () =>
      handleCommand({
        log,
        stream,
        decider: till,
        command: 1,
        source: 'lotline/test',
        context: processContext('mirror', cause),
      });
    await react();
    expect(await react()).toMatchObject({ duplicate: true });
    const [event] = await log.readStream(stream);
    expect(event?.meta).toMatchObject({ actor: 'system:mirror', causationId: cause.id, correlationId: 'c-1' });
  });
});
