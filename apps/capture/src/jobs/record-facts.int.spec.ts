import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPostgresEventLog, eventLogMigrations, type EventLog } from '#event-log';
import { createTestDatabase, type TestDatabase } from '#testkit';
import { captureFacts, type CaptureItem } from './capture-facts.js';

const meta = { source: 'urn:test:erp', actor: 'test', correlationId: 'c' };
const item = (id: string, changes: Record<string, unknown> = {}): CaptureItem => ({
  kind: 'epcis-event',
  source: { context: { prefixes: {}, contexts: [] }, meta },
  value: {
    type: 'ObjectEvent',
    eventID: id,
    eventTime: '2026-01-17T09:30:00Z',
    eventTimeZoneOffset: '+00:00',
    action: 'OBSERVE',
    epcList: ['urn:test:serial:1'],
    ...changes,
  },
});
const declaration = { errorDeclaration: { declarationTime: '2026-01-18T00:00:00Z' } };
const voiding = (id: string, voids: string): CaptureItem => ({
  kind: 'cloud-event',
  meta,
  value: {
    specversion: '1.0',
    id,
    source: 'urn:test:erp',
    type: 'FactVoided',
    time: '2026-01-18T00:00:00Z',
    data: { voids },
  },
});

describe('recording facts', () => {
  let database: TestDatabase;
  const logs: EventLog[] = [];
  beforeAll(async () => {
    database = await createTestDatabase({ migrations: eventLogMigrations });
    logs.push(...[1, 2, 3].map(() => createPostgresEventLog({ pool: database.pool })));
  });
  afterAll(async () => {
    await Promise.all(logs.map((log) => log.close()));
    await database.drop();
  });

  it('keeps a fact and all its corrections in one stream while several processes record them at once', async () => {
    const ids = Array.from({ length: 40 }, (_, n) => `urn:test:raced:${n}`);
    const writers = logs.flatMap((log, w) => [
      captureFacts(
        log,
        ids.map((id) => item(id)),
      ),
      captureFacts(
        log,
        ids.map((id) => item(id, declaration)),
      ),
      captureFacts(
        log,
        ids.map((id, n) => voiding(`urn:test:void:${w}:${n}`, id)),
      ),
    ]);
    const captured = (await Promise.all(writers)).flat();
    expect(captured.filter(({ result }) => result === 'recorded')).toHaveLength(ids.length * 5);
    expect(captured.filter(({ result }) => result === 'duplicate')).toHaveLength(ids.length * 4);
    for (const id of ids) {
      const stream = await logs[0]!.readStream(`fact-${id}`);
      expect(stream.map((event) => event.revision)).toEqual([0, 1, 2, 3, 4]);
    }
  });

  it('says for each item what became of it, in their order', async () => {
    const [log] = logs;
    const captured = await captureFacts(log!, [
      item('urn:test:order:1'),
      item('no id'),
      item('urn:test:order:1', { action: 'ADD' }),
      item('urn:test:order:2'),
      item('urn:test:order:1', { bizStep: undefined }),
    ]);
    expect(captured.map(({ result }) => result)).toEqual(['recorded', 'refused', 'refused', 'recorded', 'duplicate']);
    expect(captured[2]).toMatchObject({ conflict: true, eventId: 'urn:test:order:1' });
    expect(captured[4]).toMatchObject({ position: (captured[0] as { position: string }).position });
  });

  it('compares without appending', async () => {
    const [log] = logs;
    await captureFacts(log!, [item('urn:test:compared')]);
    const [recorded] = await log!.readStream('fact-urn:test:compared');
    const { stream: _s, revision: _r, position, recordTime: _t, ...event } = recorded!;
    const head = await log!.head();
    const comparisons = await log!.compare([
      { ...event, contentKey: 'another' },
      { ...event, id: '00000000-0000-4000-8000-000000000000' },
    ]);
    expect(comparisons).toEqual([{ found: 'other', position }, { found: 'nothing' }]);
    expect(await log!.head()).toBe(head);
  });
});
