import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, spawnTs, type TestDatabase } from '#testkit';

const apps = readdirSync(new URL('../../', import.meta.url));
const mainOf = (app: string): URL => new URL(`../../${app}/src/main.ts`, import.meta.url);

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const start = (app: string, env: Record<string, string> = {}) =>
  spawnTs(mainOf(app), [], { PORT: '0', LOG_LEVEL: 'info', DATABASE_URL: database.url, ...env });

describe('each app as a process of its own', () => {
  it('is one of the eight', () => {
    expect(apps.sort()).toEqual([
      'capture',
      'expiry',
      'genealogy',
      'inventory',
      'production',
      'recalls',
      'shipping',
      'standalone',
    ]);
  });

  it.each(apps)('%s starts alone, is ready, and ends with 0 when it is told to', async (app) => {
    const running = start(app);
    const line = JSON.parse(await running.line(/listens on/)) as { url: string };
    const ready = await fetch(`${line.url}/health/ready`);
    expect([ready.status, await ready.json()]).toMatchObject([200, { status: 'up' }]);
    running.process.kill('SIGTERM');
    expect(await running.ended).toEqual({ code: 0, signal: null });
    expect(running.lines.at(-1)).toContain('"stopped"');
  });

  it('says everything that is wrong with its configuration and ends with 1', async () => {
    const running = start('production', { PORT: 'many', HOST: '0.0.0.0' });
    expect(await running.ended).toEqual({ code: 1, signal: null });
    expect(running.errors()).toMatch(/PORT: .*many/);
    expect(running.errors()).toContain('LOTLINE_API_KEYS must be set');
  });
});
