import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '#testkit';
import { program } from './program.js';

describe('migrating', () => {
  it('makes the tables of every app once, however many do it at once', async () => {
    const database = await createTestDatabase();
    const printed: string[] = [];
    const migrate = () =>
      program({
        env: { LOG_LEVEL: 'fatal', DATABASE_URL: database.url },
        print: (text) => printed.push(text),
        setExitCode: () => undefined,
        serve: () => Promise.reject(new Error('serving is not what this is for')),
      }).parseAsync(['node', 'lotline', 'migrate']);
    try {
      await Promise.all([migrate(), migrate(), migrate()]);
      expect(printed.filter((line) => line.startsWith('Ran '))).toEqual([
        expect.stringMatching(/CreateEventLog|Log.*RelayCheckpoints/s),
      ]);
      expect(printed.filter((line) => line === 'The database is up to date.')).toHaveLength(2);
      await migrate();
      expect(printed.at(-1)).toBe('The database is up to date.');
    } finally {
      await database.drop();
    }
  });
});

describe('the command line', () => {
  let database: TestDatabase;
  let parent: string;
  beforeAll(async () => {
    database = await createTestDatabase();
    parent = mkdtempSync(join(tmpdir(), 'lotline-cli-'));
  });
  afterAll(async () => {
    rmSync(parent, { recursive: true, force: true });
    await database.drop();
  });

  const run = async (env: Record<string, string>, ...words: string[]): Promise<string> => {
    const printed: string[] = [];
    await program({
      env: { LOG_LEVEL: 'fatal', ...env },
      print: (text) => printed.push(text),
      setExitCode: () => undefined,
      serve: () => Promise.reject(new Error('serving is not what this is for')),
    }).parseAsync(['node', 'lotline', ...words]);
    return printed.join('\n');
  };
  const VISITS = [
    ['projections', 'list'],
    ['projections', 'parked'],
    ['projections', 'rebuild', 'genealogy'],
    ['restored'],
  ];

  it.each(VISITS)('%s %s makes no data directory, and says what to do first', async (...words) => {
    const dataDir = join(parent, 'none');
    await expect(run({ LOTLINE_DATA_DIR: dataDir }, ...words)).rejects.toMatchObject({
      code: 'no-database',
      message: `there is no database in ${dataDir} (LOTLINE_DATA_DIR) yet: run "migrate" or start the product first`,
    });
    expect(existsSync(dataDir)).toBe(false);
  });

  it('says of a database without tables that it must be migrated first, and works once it is', async () => {
    const env = { DATABASE_URL: database.url };
    for (const words of VISITS)
      await expect(run(env, ...words)).rejects.toMatchObject({
        code: 'not-migrated',
        message: 'the database has no tables of Lotline yet: run "migrate" or start the product first',
      });
    expect(await run(env, 'migrate')).toMatch(/^Ran .*CreateProjections/);
    expect(await run(env, 'projections', 'list')).toMatch(/^NAME +VERSION/);
    await expect(run(env, 'projections', 'rebuild', 'nope')).rejects.toMatchObject({
      kind: 'not-found',
      message: expect.stringMatching(/^there is no read model "nope"; there are: .*expiry.*genealogy/),
    });
    await expect(run(env, 'projections', 'rebuild', 'genealogy')).rejects.toMatchObject({
      message: 'there is no read model "genealogy"; none has tables yet: start the product first',
    });
    expect(await run(env, 'restored')).toMatch(/epoch 2\..*rebuild NAME.*restart NAME/);
  });
});
