import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '#testkit';
import { lotlineCommand } from './support/command-line.js';
import { captureSeafood, ids } from './support/seafood.js';
import { startStandalone, type Standalone } from './support/start-standalone.js';

describe('after a backup was restored', () => {
  let database: TestDatabase;
  let lotline: Standalone;
  beforeEach(async () => {
    database = await createTestDatabase();
    lotline = await startStandalone({ databaseUrl: database.url });
    await captureSeafood(lotline);
    await lotline.stop();
  });
  afterEach(async () => {
    await lotline.stop();
    await database.drop();
  });

  it('a read model of the old epoch stops and says so, until it is rebuilt', async () => {
    expect((await lotlineCommand(database.url, 'restored')).printed).toMatch(/epoch 2/);
    lotline = await startStandalone({ databaseUrl: database.url });
    const { body: taken } = await lotline.api('POST', '/recalls/cases', {
      body: { reason: 'contamination', suspects: [{ lot: ids.feed }] },
    });
    expect(taken.case).toBeDefined();
    await lotline.until('genealogy says that it must be rebuilt', async () =>
      /genealogy.*needs-rebuild/.test((await lotlineCommand(database.url, 'projections', 'list')).printed),
    );

    expect(await lotlineCommand(database.url, 'projections', 'rebuild', 'genealogy')).toMatchObject({ exitCode: 0 });
    expect(await lotlineCommand(database.url, 'projections', 'restart', 'recall-scope')).toMatchObject({ exitCode: 0 });
    await lotline.until('both run', async () => {
      const { printed } = await lotlineCommand(database.url, 'projections', 'list');
      return /genealogy.*running/.test(printed) && /recall-scope.*running/.test(printed);
    });
    const head = await lotline.running.infrastructure.log.head();
    const trace = await lotline.api('GET', `/genealogy/trace?lot=${ids.feed}&direction=forward&minPosition=${head}`);
    expect([trace.status, trace.body.forward.lots.length]).toEqual([200, 3]);
  });
});
