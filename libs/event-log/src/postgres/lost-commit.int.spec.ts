import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestDatabase, startSeveringProxy, type SeveringProxy, type TestDatabase } from '#testkit';
import { appendOf, event, record } from '../contract/sample-events.js';
import type { EventLog } from '../port.js';
import { createPostgresEventLog, eventLogMigrations } from './index.js';

describe('an append whose COMMIT outcome is unknown', () => {
  let database: TestDatabase;
  let proxy: SeveringProxy;
  let log: EventLog;
  let direct: EventLog;
  beforeEach(async () => {
    database = await createTestDatabase({ migrations: eventLogMigrations });
    proxy = await startSeveringProxy(database.url);
    log = createPostgresEventLog({ connectionString: proxy.url });
    direct = createPostgresEventLog({ connectionString: database.url });
    await record(log, 'a', [event()]);
  });
  afterEach(async () => {
    await Promise.all([log.close(), direct.close()]);
    await proxy.close();
    await database.drop();
  });

  it.each(['before-request', 'before-answer'] as const)(
    'is recorded once and answered as new (cut %s)',
    async (moment) => {
      const cut = proxy.severAt('COMMIT\0', moment);
      const events = [event(), event()];
      const recorded = await record(log, 'a', events, 0);
      await cut;
      expect(recorded).toMatchObject([
        { id: events[0]!.id, revision: 1, duplicate: false },
        { id: events[1]!.id, revision: 2, duplicate: false },
      ]);
      const stored = await direct.readStream('a');
      expect(stored.map((one) => one.id).slice(1)).toEqual(events.map((one) => one.id));
      expect(stored.slice(1).map((one) => one.position)).toEqual(recorded.map((one) => one.position));
      expect(stored.slice(1).map((one) => one.recordTime)).toEqual(recorded.map((one) => one.recordTime));
    },
  );

  it('still says of what was there before that it was there, and refuses what was refused', async () => {
    const known = event();
    const [first] = await record(direct, 'b', [known]);
    const fresh = event();
    const cut = proxy.severAt('COMMIT\0', 'before-answer');
    const results = await log.append([
      appendOf('b', [known], 'no-stream'),
      appendOf('b', [fresh], 0),
      appendOf('b', [event()], 'no-stream'),
    ]);
    await cut;
    expect(results).toEqual([
      { ok: true, recorded: [{ ...first, duplicate: true }] },
      { ok: true, recorded: [expect.objectContaining({ id: fresh.id, revision: 1, duplicate: false })] },
      { ok: false, reason: 'revision', stream: 'b', expected: 'no-stream', actual: 1 },
    ]);
  });

  it('rejects as unavailable when the server stays away, and a repetition later gives the first result', async () => {
    const impatient = createPostgresEventLog({ connectionString: proxy.url, retryFor: 0 });
    const one = event();
    const cut = proxy.severAt('COMMIT\0', 'before-answer');
    await expect(impatient.append([appendOf('c', [one], 'no-stream')])).rejects.toMatchObject({
      kind: 'unavailable',
      code: 'log-unavailable',
    });
    await cut;
    expect(await record(impatient, 'c', [one], 'no-stream')).toMatchObject([{ id: one.id, revision: 0 }]);
    expect(await direct.readStream('c')).toHaveLength(1);
    await impatient.close();
  });
});
