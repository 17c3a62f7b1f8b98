import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, spawnTs, type TestDatabase } from '#testkit';
import { everythingIsThereOnce } from './support/everything-once.js';
import { documentOf, ITEM, madeEvent, nothingDone, work } from './support/plant-load.js';
import { apiOf, startStandalone, type Answer, type Standalone } from './support/start-standalone.js';

const PLANT = 'https://id.gs1.org/414/9506000100016';
const SUPPLIER = 'https://id.gs1.org/417/9506000200020';
const kg = (value: string): { value: string; unit: string } => ({ value, unit: 'KGM' });

describe('two processes on one database', () => {
  let database: TestDatabase;
  let nodes: Standalone[];
  beforeAll(async () => {
    database = await createTestDatabase();
    // On an empty database at the same moment: one migrates and builds, the other waits and finds it done.
    nodes = await Promise.all([1, 2].map(() => startStandalone({ databaseUrl: database.url })));
  });
  afterAll(async () => {
    await Promise.all(nodes.map((node) => node.stop()));
    await database.drop();
  });

  it('share the work: what is sent to both, and sent again, is done once', async () => {
    const done = nothingDone();
    const apis = nodes.map((node) => node.api);
    await Promise.all([
      ...[0, 1].map((i) => work(apis, `once${i}`, 3, done)),
      ...[0, 1].map((i) => work(apis, `twice${i}`, 3, done, { twice: true })),
    ]);
    expect(done.findings).toEqual([]);
    for (const all of [done.received, done.issues, done.transformed, done.dispatched]) expect(all.length).toBe(12);
    for (const node of nodes) await everythingIsThereOnce(node, done);
  });

  it('never sell the last kilo twice', async () => {
    const [first, second] = nodes as [Standalone, Standalone];
    for (let round = 0; round < 3; round++) {
      const receipt = await first.api('POST', '/inventory/receipts', {
        body: { item: ITEM, lotCode: `last-${round}`, amount: kg('1'), place: PLANT, supplier: SUPPLIER },
      });
      const issue = (node: Standalone, n: number): Promise<Answer> =>
        node.api('POST', '/inventory/issues', {
          body: {
            reference: `run:last-${round}-${n}`,
            lines: [{ lot: receipt.body.lot, place: PLANT, amount: kg('1') }],
          },
        });
      const answers = await Promise.all([issue(first, 1), issue(second, 2), issue(first, 3), issue(second, 4)]);
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 422, 422, 422]);
    }
  });

  it('finish what a third left when it was killed', async () => {
    const main = new URL('../apps/standalone/src/main.ts', import.meta.url);
    const third = spawnTs(main, [], { DATABASE_URL: database.url, PORT: '0', LOG_LEVEL: 'info' });
    const { url } = JSON.parse(await third.line(/listens on http/)) as { url: string };
    const events = Array.from({ length: 3_000 }, (_, i) =>
      madeEvent(`urn:example:event:left-${i}`, `urn:example:lot:left-${i % 7}`),
    );
    const accepted = await apiOf(url)('POST', '/epcis/capture', { body: documentOf(events) });
    expect(accepted.status).toBe(202);
    await third.kill();
    const [first] = nodes as [Standalone];
    const job = accepted.headers.location ?? '';
    await first.until('its job is finished', async () => {
      const { status, body } = await first.api('GET', job);
      expect([status, body.errors]).toEqual([200, []]);
      return body.running === false && body.success === true;
    });
    const { rows } = await database.pool.query(
      `SELECT count(*)::int AS recorded, count(DISTINCT id)::int AS ids FROM log.events
        WHERE type = 'EpcisEventCaptured' AND data->'event'->>'eventID' LIKE 'urn:example:event:left-%'`,
    );
    expect(rows).toEqual([{ recorded: 3_000, ids: 3_000 }]);
  });
});
