import { isDeepStrictEqual } from 'node:util';
import { projectorsOf } from '#platform';
import { createProjectionOperations } from '#projections';
import { StandaloneModule } from '../../apps/standalone/src/standalone.module.js';
import type { Done } from './plant-load.js';
import type { Standalone } from './start-standalone.js';

const enc = encodeURIComponent;
const expectEqual = (what: string, found: unknown, expected: unknown): void => {
  if (!isDeepStrictEqual(found, expected))
    throw new Error(`${what}: ${JSON.stringify(found)}, not ${JSON.stringify(expected)}`);
};

/**
 * All that callers were told is done is in the log once and in the read models once, capture jobs have ended well, and
 * every read model equals one that is built anew from the log.
 */
export const everythingIsThereOnce = async (lotline: Standalone, done: Done): Promise<void> => {
  const { api, running } = lotline;
  const { pool, log, bus } = running.infrastructure;
  for (const job of done.jobs)
    await lotline.until(`${job} finished`, async () => {
      const { status, body } = await api('GET', job);
      expectEqual(job, [status, body.errors], [200, []]);
      return !body.running && body.success;
    });
  const { rows: twice } = await pool.query(
    `SELECT data->'event'->>'eventID' AS id, count(*) FROM log.events WHERE type = 'EpcisEventCaptured'
      GROUP BY 1 HAVING count(*) > 1`,
  );
  expectEqual('events recorded twice', twice, []);
  const { rows: recorded } = await pool.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM log.events WHERE type = 'EpcisEventCaptured'`,
  );
  expectEqual('events recorded', recorded[0]?.n, new Set(done.events).size);

  const head = await log.head();
  const read = async (path: string): Promise<any> => {
    const query = `${path.includes('?') ? '&' : '?'}minPosition=${head}`;
    const { status, body } = await api('GET', path + query);
    expectEqual(path, status, 200);
    return body;
  };
  for (const lot of done.lots)
    expectEqual(lot, (await read(`/genealogy/lots/${enc(lot)}`)).made, [{ value: '10', unit: 'KGM' }]);
  for (const lot of done.received) {
    const gone = [
      done.issues.includes(lot) ? 4 : 0,
      done.transformed.includes(lot) ? 3 : 0,
      done.dispatched.includes(lot) ? 2 : 0,
    ];
    const left = String(gone.reduce((rest, amount) => rest - amount, 10));
    expectEqual(lot, (await read(`/inventory/lots/${enc(lot)}`)).stock[0]?.available.value, left);
  }

  const projectors = projectorsOf(StandaloneModule);
  const operations = createProjectionOperations({
    pool,
    log,
    projectors,
    partitionOf: bus.partitionOf.bind(bus),
    keyOf: bus.keyOf.bind(bus),
  });
  expectEqual('parked', await operations.parked(), []);
  for (const { name } of projectors) {
    const { outcome, differences } = await operations.rebuild(name);
    expectEqual(`${name} built anew`, [outcome, differences], ['switched', []]);
  }
};
