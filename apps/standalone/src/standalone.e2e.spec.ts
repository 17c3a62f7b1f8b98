import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { getMetadataStorage } from 'class-validator';
import { RouteTable } from '#platform';
import { createTestDatabase, type TestDatabase } from '#testkit';
import { apiOf, startStandalone, type Api, type Standalone } from '../../../test/support/start-standalone.js';
import { program } from './cli/program.js';

const hash = (key: string): string => createHash('sha256').update(key).digest('hex');
const OPEN = new Set(['/health/live', '/health/ready']);

let database: TestDatabase;
let standalone: Standalone;
let api: Api;

beforeAll(async () => {
  database = await createTestDatabase();
  standalone = await startStandalone({
    databaseUrl: database.url,
    env: {
      LOTLINE_API_KEYS: `boss ${hash('boss')} *; reader ${hash('reader')} *:read; nothing ${hash('n')} none:none`,
    },
  });
  api = apiOf(standalone.url);
});

afterAll(async () => {
  await standalone.stop();
  await database.drop();
});

/** Every route of every context but the documentation, which tells nothing about goods. */
const routes = (): { method: string; url: string }[] =>
  standalone.running.app
    .get(RouteTable)
    .routes()
    .filter(({ method, url }) => method !== 'HEAD' && !url.startsWith('/docs'));

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const pathOf = (url: string): string => url.replace(/:\w+/g, 'x').replace('*', 'x');

describe('every route of the composed product', () => {
  it('is one of a context', () => {
    const contexts = new Set(routes().map(({ url }) => url.split('/')[1]));
    for (const context of ['epcis', 'events', 'production', 'inventory', 'shipping'])
      expect(contexts).toContain(context);
    expect(routes().length).toBeGreaterThan(40);
  });

  it('is closed to whoever shows no valid key', async () => {
    for (const { method, url } of routes()) {
      const status = (await api(method as 'GET', pathOf(url), { headers: bearer('wrong') })).status;
      expect([method, url, status]).toEqual([method, url, OPEN.has(url) ? 200 : 401]);
    }
  });

  it('declares what it requires: a key without that permission is turned away by name', async () => {
    for (const { method, url } of routes().filter((route) => !OPEN.has(route.url))) {
      const { status, body } = await api(method as 'GET', pathOf(url), { headers: bearer('n') });
      expect([method, url, status, body.code]).toEqual([method, url, 403, 'permission-missing']);
      expect(body.permission).toMatch(/^[a-z]+:[a-z]+$/);
    }
  });

  it('that cannot honour If-Match says so, and does not pass it over', async () => {
    // Plans of an item, nonconformances and deliveries are streams of their own, with a revision that callers see.
    const unconditional = routes().filter(
      ({ method, url }) =>
        method === 'POST' &&
        /^\/(inventory(?!\/(inspection-plans|nonconformances|deliveries)\b)|epcis|events)\b/.test(url),
    );
    expect(unconditional.length).toBeGreaterThan(14);
    for (const { url } of unconditional) {
      const headers = { ...bearer('boss'), 'if-match': '"0"' };
      const { status, body } = await api('POST', pathOf(url), { headers, body: {} });
      expect([url, status, body.code]).toEqual([url, 400, 'if-match-not-taken']);
    }
  });

  it('that writes is closed to readers', async () => {
    // Genealogy answers questions only; one that is long is sent as a body.
    const writing = routes().filter(({ method, url }) => method !== 'GET' && !url.startsWith('/genealogy/'));
    for (const { method, url } of writing) {
      const { status } = await api(method as 'POST', pathOf(url), { headers: bearer('reader') });
      expect([method, url, status]).toEqual([method, url, 403]);
    }
  });
});

describe('the description of the API', () => {
  it('names each DTO once, and tells the type of each of its members', async () => {
    const { body } = await api('GET', '/docs/openapi.json');
    const untyped = Object.entries<any>(body.components.schemas).flatMap(([name, schema]) =>
      Object.entries<any>(schema.properties ?? {})
        .filter(([, p]) => !['type', '$ref', 'allOf', 'oneOf', 'anyOf', 'enum'].some((key) => key in p))
        .map(([property]) => `${name}.${property}`),
    );
    expect(untyped).toEqual([]);
    const storage = getMetadataStorage() as unknown as { validationMetadatas: Map<{ name: string }, unknown> };
    const names = [...storage.validationMetadatas.keys()].map(({ name }) => name);
    const twice = names.filter((name, i) => names.indexOf(name) !== i && name in body.components.schemas);
    expect(twice).toEqual([]);
  });
});

describe('the operators’ command line', () => {
  const run = async (...args: string[]): Promise<{ text: string; exitCode: number }> => {
    const printed: string[] = [];
    let exitCode = 0;
    await program({
      env: { DATABASE_URL: database.url },
      print: (text) => printed.push(text),
      setExitCode: (code) => (exitCode = code),
      serve: () => Promise.resolve(),
    }).parseAsync(['node', 'lotline', ...args]);
    return { text: printed.join('\n'), exitCode };
  };

  it('migrates what is not up to date', async () => {
    // One process needs no relay; who migrates for an installation makes its table too.
    expect((await run('migrate')).text).toMatch(/^Ran RelayCheckpoints\d+\.$/);
    expect((await run('migrate')).text).toBe('The database is up to date.');
    const empty = await createTestDatabase();
    try {
      const printed: string[] = [];
      const terminal = { print: (t: string) => printed.push(t), setExitCode: () => 0, serve: () => Promise.resolve() };
      await program({ ...terminal, env: { DATABASE_URL: empty.url } }).parseAsync(['node', 'lotline', 'migrate']);
      expect(printed.join()).toMatch(/^Ran .*CreateEventLog/);
    } finally {
      await empty.drop();
    }
  });

  it('lists and rebuilds read models while the product runs', async () => {
    expect((await run('projections', 'list')).text).toMatch(/production +\d+ +production_v\d+ +active +running/);
    const rebuilt = await run('projections', 'rebuild', 'production');
    expect([rebuilt.exitCode, rebuilt.text]).toEqual([0, expect.stringContaining('Readers see')]);
    expect((await run('projections', 'parked')).text).toContain('EVENT');
  });

  it('makes keys', async () => {
    const { text } = await run('key', 'mes', '-p', 'capture:write,production:read');
    const key = /once\): (\S+)/.exec(text)?.[1] ?? '';
    expect(text).toContain(`mes ${hash(key)} capture:write,production:read`);
  });
});

describe('standalone', () => {
  it('is ready with all its parts', async () => {
    const { status, body } = await api('GET', '/health/ready');
    expect(body).toEqual({ status: 'up', checks: { process: 'up', database: 'up', log: 'up', projections: 'up' } });
    expect(status).toBe(200);
  });

  it('stops in order and goes on where it was', async () => {
    const headers = bearer('boss');
    const own = await createTestDatabase();
    const env = { LOTLINE_API_KEYS: `boss ${hash('boss')} *` };
    const first = await startStandalone({ databaseUrl: own.url, env });
    const item = { code: 'KEPT', name: 'Kept', kind: 'finished', baseUnit: 'EA' };
    const written = await first.api('POST', '/production/items', { body: item, headers });
    await first.stop();
    const { rows } = await own.pool.query(`SELECT count(*)::int AS open FROM pg_stat_activity
      WHERE datname = current_database() AND application_name LIKE 'lotline%'`);
    expect(rows).toEqual([{ open: 0 }]);
    const second = await startStandalone({ databaseUrl: own.url, env });
    const path = `/production/items?minPosition=${written.headers['x-log-position']}`;
    expect((await second.api('GET', path, { headers })).body.items).toMatchObject([{ code: 'KEPT' }]);
    await second.stop();
    await own.drop();
  });
});
