import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from './postgres.js';

describe('a test database', () => {
  let first: TestDatabase;
  let second: TestDatabase;
  beforeAll(async () => {
    [first, second] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  });
  afterAll(() => Promise.all([first.drop(), second.drop()]));

  it('shares nothing with another one', async () => {
    await first.pool.query('CREATE TABLE only_here (x int)');
    const { rows } = await second.pool.query(`SELECT to_regclass('only_here') AS found`);
    expect(rows).toEqual([{ found: null }]);
  });

  it('is gone after drop, even while somebody is connected', async () => {
    const doomed = await createTestDatabase();
    await doomed.pool.query('SELECT 1');
    await doomed.drop();
    const name = new URL(doomed.url).pathname.slice(1);
    const { rows } = await first.pool.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    expect(rows).toEqual([]);
  });
});
