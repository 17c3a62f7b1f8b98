import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type RunningTs, spawnTs, type TestDatabase } from '#testkit';

// The relay does nothing without a broker: test/cluster starts it.
const apps = readdirSync(new URL('../../', import.meta.url)).filter((app) => app !== 'relay');
const mainOf = (app: string): URL => new URL(`../../${app}/src/main.ts`, import.meta.url);

let database: TestDatabase;
let started: Map<string, RunningTs>;
beforeAll(async () => {
  database = await createTestDatabase();
  // All at once: loading an app is work for one processor, and on a fresh database they migrate each other's tables too.
  started = new Map(apps.map((app) => [app, start(app)]));
});
afterAll(async () => {
  await Promise.all([...started.values()].map((app) => app.kill()));
  await database.drop();
});

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
    const running = started.get(app)!;
    const line = JSON.parse(await running.line(/listens on/)) as { url: string };
    const ready = await fetch(`${line.url}/health/ready`);
    expect([ready.status, await ready.json()]).toMatchObject([200, { status: 'up' }]);
    running.process.kill('SIGTERM');
    expect(await running.ended).toEqual({ code: 0, signal: null });
    expect(running.lines.at(-1)).toContain('"stopped"');
  });

  it('ends in order by a Ctrl-C under npm, which signals it twice', async () => {
    const running = start('production');
    const line = JSON.parse(await running.line(/listens on/)) as { url: string };
    await fetch(`${line.url}/health/live`);
    running.process.kill('SIGINT');
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

  it.each([
    ['postgres://lotline:secret@127.0.0.1:1/lotline', /127\.0\.0\.1:1.*ECONNREFUSED.*is the server running/],
    ['postgres://lotline:secret@no-such-host.invalid/lotline', /no-such-host\.invalid:5432.*is DATABASE_URL right/],
  ])('says why the database %s cannot be used and ends with 1', async (url, reason) => {
    const running = start('standalone', { DATABASE_URL: url });
    expect(await running.ended).toEqual({ code: 1, signal: null });
    expect(running.errors()).toMatch(reason);
    expect(running.errors()).not.toMatch(/secret|\n +at /);
  });

  it('says that there is no such database', async () => {
    const url = new URL(database.url);
    url.pathname = '/nowhere';
    const running = start('standalone', { DATABASE_URL: url.href });
    expect(await running.ended).toEqual({ code: 1, signal: null });
    expect(running.errors()).toMatch(/"nowhere".*there is no such database/);
  });

  it.each(['LATIN1', 'SQL_ASCII'])('says that a database in %s cannot be used', async (encoding) => {
    const url = new URL(database.url);
    url.pathname += `_${encoding.toLowerCase()}`;
    const name = url.pathname.slice(1);
    await database.pool.query(`CREATE DATABASE ${name} ENCODING '${encoding}' LOCALE 'C' TEMPLATE template0`);
    const running = start('standalone', { DATABASE_URL: url.href });
    expect(await running.ended).toEqual({ code: 1, signal: null });
    expect(running.errors()).toMatch(new RegExp(`"${name}".*its encoding is ${encoding}, needed is UTF8`));
    expect(running.errors()).not.toMatch(/\n +at /);
    await database.pool.query(`DROP DATABASE ${name} WITH (FORCE)`);
  });

  it('says that its database user may not make what it needs', async () => {
    const url = new URL(database.url);
    const role = `${url.pathname.slice(1)}_reader`;
    await database.pool.query(`CREATE ROLE ${role} LOGIN PASSWORD 'secret'`);
    const own = await createTestDatabase();
    const asReader = new URL(own.url);
    asReader.username = role;
    asReader.password = 'secret';
    const running = start('standalone', { DATABASE_URL: asReader.href });
    expect(await running.ended).toEqual({ code: 1, signal: null });
    expect(running.errors()).toMatch(/permission denied.*the user of DATABASE_URL must own/);
    expect(running.errors()).not.toMatch(/\n +at /);
    await own.drop();
    await database.pool.query(`DROP ROLE ${role}`);
  });

  it('says that its data directory cannot be used', async () => {
    const file = fileURLToPath(import.meta.url);
    const running = start('standalone', { DATABASE_URL: '', LOTLINE_DATA_DIR: file });
    expect(await running.ended).toEqual({ code: 1, signal: null });
    expect(running.errors()).toContain(`the data directory ${file} cannot be used`);
    expect(running.errors()).toContain('set LOTLINE_DATA_DIR to');
    expect(running.errors()).not.toMatch(/\n +at /);
  });

  it('says that it cannot listen at an address that is not of this machine', async () => {
    const running = start('standalone', { HOST: '192.0.2.1', LOTLINE_API_KEYS: `a ${'0'.repeat(64)} *` });
    expect(await running.ended).toEqual({ code: 1, signal: null });
    expect(running.errors()).toMatch(/EADDRNOTAVAIL.*set HOST and PORT/);
    expect(running.errors()).not.toMatch(/\n +at /);
  });

  it('says that its port is taken and ends with 1', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const running = start('standalone', { PORT: String((server.address() as AddressInfo).port) });
      expect(await running.ended).toEqual({ code: 1, signal: null });
      expect(running.errors()).toMatch(/EADDRINUSE.*set PORT to a free one/);
      expect(running.errors()).not.toMatch(/\n +at /);
    } finally {
      server.close();
    }
  });
});
