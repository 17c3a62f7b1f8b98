import { describe, expect, it } from '@jest/globals';
import { allEvents, compileValidator } from '#contracts';
import { createTestDatabase } from '#testkit';
import { readDigests, readLog, releases } from './recorded-logs.js';
import { replay } from './replay.js';

const definitions = new Map(allEvents.map((event) => [event.type, event]));

// A new one is added by `npm run record:log`: CONTRIBUTING.md.
describe.each(releases())('the log that release %s recorded', (release) => {
  const lines = readLog(release);

  it('holds events of types and versions that this release knows, as its schemas have them', () => {
    const validators = new Map(allEvents.map((event) => [event.type, compileValidator(event.data)]));
    const problems = lines.flatMap(({ id, type, schemaVersion, data }): unknown[] => {
      const known = definitions.get(type);
      if (known === undefined || schemaVersion > known.version) return [{ id, type, schemaVersion }];
      return schemaVersion < known.version ? [] : (validators.get(type)?.(data) ?? []);
    });
    expect(problems).toEqual([]);
  });

  it('gives the same read models as ever', async () => {
    const database = await createTestDatabase();
    try {
      expect(await replay(database.url, lines)).toEqual(readDigests(release));
      expect((await database.pool.query('SELECT event_id, error FROM projections.parked')).rows).toEqual([]);
    } finally {
      await database.drop();
    }
  });
});
