import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createPostgresEventLog, eventLogMigrations, type EventLog } from '#event-log';
import { createTestDatabase, type TestDatabase } from '#testkit';
import { begun, type CaptureJob, type ErrorBehaviour } from '../domain/capture-job.js';
import { findJob, insertJob, underJobLock, unfinishedJobs } from './job-store.js';
import { captureMigrations } from './migrations.js';
import { runJob, type JobTools } from './run-job.js';

const EVENTS = 25;

/** Tests share a database but no event. */
let test = 0;
const idOf = (n: number): string => `urn:test:${test}:event:${n}`;

const event = (n: number, changes: Record<string, unknown> = {}) => ({
  type: 'ObjectEvent',
  eventID: idOf(n),
  eventTime: '2026-01-17T09:30:00Z',
  eventTimeZoneOffset: '+00:00',
  action: 'OBSERVE',
  quantityList: [{ epcClass: 'urn:test:lot:1', quantity: n }],
  ...changes,
});
const documentOf = (eventList: unknown[]): string =>
  JSON.stringify({
    '@context': 'https://ref.gs1.org/standards/epcis/epcis-context.jsonld',
    type: 'EPCISDocument',
    schemaVersion: '2.0',
    creationDate: '2026-01-17T10:00:00Z',
    epcisBody: { eventList },
  });

describe('a capture job', () => {
  let database: TestDatabase;
  let log: EventLog;
  let tools: JobTools;
  let events: ReturnType<typeof event>[];
  let all: string[];
  beforeAll(async () => {
    database = await createTestDatabase({ migrations: [...eventLogMigrations, ...captureMigrations] });
    log = createPostgresEventLog({ pool: database.pool });
    tools = { pool: database.pool, log, clock: () => new Date(), chunkSize: 10 };
  });
  beforeEach(() => {
    test++;
    events = Array.from({ length: EVENTS }, (_, n) => event(n));
    all = events.map((e) => e.eventID);
  });
  afterAll(async () => {
    await log.close();
    await database.drop();
  });

  const accept = async (body: string, behaviour: ErrorBehaviour): Promise<string> => {
    const job: CaptureJob = {
      id: randomUUID(),
      createdAt: new Date().toISOString(),
      finishedAt: null,
      success: null,
      behaviour,
      meta: { source: 'urn:test:erp', actor: 'test', correlationId: 'c' },
      progress: begun,
    };
    await insertJob(database.pool, job, body);
    return job.id;
  };
  const recordedIds = async (): Promise<string[]> =>
    (await log.readAll({ max: 10_000 })).events
      .map((e) => (e.data as { eventId: string }).eventId)
      .filter((id) => id.startsWith(`urn:test:${test}:`));

  /** The log of a process that dies when it appends for the nth time, before or after the log took it. */
  const dying = (nth: number, when: 'before' | 'after'): EventLog => {
    let appends = 0;
    return {
      ...log,
      append: async (given) => {
        const dies = ++appends === nth;
        if (dies && when === 'before') throw new Error('killed');
        const results = await log.append(given);
        if (dies) throw new Error('killed');
        return results;
      },
    };
  };

  const moments = [1, 2, 3].flatMap((nth) =>
    (['before', 'after'] as const).flatMap((when) =>
      (['rollback', 'proceed'] as const).map((behaviour) => ({ nth, when, behaviour })),
    ),
  );
  it.each(moments)('goes on after a crash $when append $nth under $behaviour', async ({ nth, when, behaviour }) => {
    const id = await accept(documentOf(events), behaviour);
    await expect(runJob({ ...tools, log: dying(nth, when) }, id)).rejects.toThrow('killed');
    expect(await unfinishedJobs(database.pool)).toEqual([id]);
    await runJob(tools, id);
    expect(await recordedIds()).toEqual(all);
    expect(await findJob(database.pool, id)).toMatchObject({
      success: true,
      progress: { next: EVENTS, errorCount: 0, position: await log.head() },
    });
    expect(await unfinishedJobs(database.pool)).toEqual([]);
  });

  it('counts what it recorded, and what was there before', async () => {
    await runJob(tools, await accept(documentOf(events.slice(5, 9)), 'rollback'));
    const id = await accept(documentOf(events), 'rollback');
    await runJob(tools, id);
    expect(await findJob(database.pool, id)).toMatchObject({ progress: { recorded: EVENTS - 4, duplicates: 4 } });
  });

  it('writes nothing under rollback where the last event of the last chunk is bad', async () => {
    const id = await accept(documentOf([...events, event(99, { action: 'ADDED' })]), 'rollback');
    await runJob(tools, id);
    expect(await recordedIds()).toEqual([]);
    expect(await findJob(database.pool, id)).toMatchObject({
      success: false,
      progress: { errors: [{ index: EVENTS, id: idOf(99), field: '/action' }] },
    });
  });

  it('keeps the first errors and counts the rest', async () => {
    const bad = Array.from({ length: 1_200 }, (_, n) => event(n, { action: 'ADDED' }));
    const id = await accept(documentOf(bad), 'proceed');
    await runJob({ ...tools, chunkSize: 500 }, id);
    const job = await findJob(database.pool, id);
    expect([job?.progress.errors.length, job?.progress.errorCount, job?.progress.errors[999]?.index]).toEqual([
      1_000, 1_200, 999,
    ]);
  });

  it('names a conflict that another writer made after the decision, and goes on', async () => {
    const id = await accept(documentOf(events), 'rollback');
    await expect(runJob({ ...tools, log: dying(2, 'before') }, id)).rejects.toThrow('killed');
    await runJob(tools, await accept(documentOf([event(20, { action: 'ADD' })]), 'rollback'));
    await runJob(tools, id);
    expect((await recordedIds()).sort()).toEqual([...all].sort());
    expect(await findJob(database.pool, id)).toMatchObject({
      success: false,
      progress: { recorded: EVENTS - 1, errors: [{ index: 20, code: 'id-conflict' }] },
    });
  });

  it('stops between two chunks when told to, and goes on later', async () => {
    const id = await accept(documentOf(events), 'proceed');
    const stop = new AbortController();
    const stopping: EventLog = {
      ...log,
      append: async (given) => {
        stop.abort();
        return log.append(given);
      },
    };
    await runJob({ ...tools, log: stopping, signal: stop.signal }, id);
    expect(await recordedIds()).toEqual(all.slice(0, 10));
    expect(await findJob(database.pool, id)).toMatchObject({ finishedAt: null, progress: { next: 10 } });
    await runJob(tools, id);
    expect(await recordedIds()).toEqual(all);
  });

  it('is done by one process at a time, and harmless where two do it', async () => {
    const id = await accept(documentOf(events), 'proceed');
    let second: boolean | undefined;
    const first = await underJobLock(database.pool, id, async () => {
      second = await underJobLock(database.pool, id, () => Promise.resolve());
    });
    expect([first, second]).toEqual([true, false]);
    await Promise.all([runJob(tools, id), runJob(tools, id), runJob(tools, id)]);
    expect(await recordedIds()).toEqual(all);
  });
});
