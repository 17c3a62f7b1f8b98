import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { LotlineError } from '#kernel';
import { createProjectionReader, type Projector } from '#projections';
import { createTestDatabase, type TestDatabase } from '#testkit';
import { readConfig } from '../config/read-config.js';
import type { Infrastructure } from '../infrastructure/infrastructure.js';
import { openInfrastructure } from '../infrastructure/open-infrastructure.js';
import { bringUpToDate } from '../infrastructure/up-to-date.js';
import { createLogger } from '../logging/logger.js';
import { createConsuming } from './consuming.js';

const nothing: Projector = {
  name: 'nothing',
  version: 1,
  handles: new Map(),
  createSchema: () => Promise.resolve(),
  apply: () => Promise.resolve(),
  export: async function* () {
    // It holds nothing.
  },
};
const WORK = { projectors: [nothing], reactors: [], receivers: [] };

describe('background work', () => {
  let database: TestDatabase;
  let infrastructure: Infrastructure;
  let close: () => Promise<void>;
  beforeAll(async () => {
    database = await createTestDatabase();
    await bringUpToDate(database.url, []);
    ({ infrastructure, close } = openInfrastructure({
      config: readConfig({ DATABASE_URL: database.url }),
      databaseUrl: database.url,
      logger: createLogger({ level: 'silent', name: 'test' }),
      name: 'test',
    }));
  });
  afterAll(async () => {
    await close();
    await database.drop();
  });

  const on = (partitions: () => Promise<number>) => {
    const reader = createProjectionReader({ pool: infrastructure.pool });
    const consuming = createConsuming(
      { ...infrastructure, metrics: new Registry(), bus: { ...infrastructure.bus, partitions } },
      WORK,
      reader,
    );
    return { consuming, reader };
  };
  const away = () => Promise.reject(new LotlineError('unavailable', 'broker-unavailable', 'the broker is away'));

  it('begins when the broker answers, and lets the process start before', async () => {
    let asked = 0;
    const { consuming, reader } = on(() => ((asked += 1) < 3 ? away() : Promise.resolve(1)));
    await consuming.start();
    expect([asked, consuming.isWorking()]).toEqual([1, false]);
    while (!consuming.isWorking()) await new Promise((resolve) => setImmediate(resolve));
    expect(asked).toBe(3);
    expect(await reader.activeSchema('nothing')).toBe('nothing_v1');
    await consuming.stop();
  });

  it('can be stopped while the broker is away', async () => {
    const { consuming } = on(away);
    await consuming.start();
    await Promise.all([consuming.stop(), consuming.stop()]);
    expect(consuming.isWorking()).toBe(false);
  });

  it('fails the start for any other reason', async () => {
    const { consuming } = on(() => Promise.reject(new TypeError('a defect')));
    await expect(consuming.start()).rejects.toThrow('a defect');
    await consuming.stop();
  });
});
