import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '#testkit';
import { lotlineCommand } from './support/command-line.js';
import { parkedStory } from './support/parked-story.js';
import { startStandalone, type Standalone } from './support/start-standalone.js';

describe('an event that a read model cannot apply', () => {
  let database: TestDatabase;
  let lotline: Standalone;
  beforeAll(async () => {
    database = await createTestDatabase();
    lotline = await startStandalone({ databaseUrl: database.url });
  });
  afterAll(async () => {
    await lotline.stop();
    await database.drop();
  });

  // The same story in the cluster profile: test/cluster/whole-cluster.cluster.spec.ts.
  it('is parked, everything else flows, answers that it touches say so until it is retried', () =>
    parkedStory({
      api: lotline.api,
      lotline: (...words) => lotlineCommand(database.url, ...words),
      pool: database.pool,
    }));
});
