import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTestDatabase, type TestDatabase } from '#testkit';
import { pendingMigrations, runMigrations } from './migrate.js';

class CreateCrates1700000000001 implements MigrationInterface {
  name = 'CreateCrates1700000000001';
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE crates (id int PRIMARY KEY)');
  }
  async down(): Promise<void> {
    return Promise.resolve();
  }
}

class FillCrates1700000000002 implements MigrationInterface {
  name = 'FillCrates1700000000002';
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('INSERT INTO crates SELECT count(*) FROM crates');
  }
  async down(): Promise<void> {
    return Promise.resolve();
  }
}

class Broken1700000000003 implements MigrationInterface {
  name = 'Broken1700000000003';
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE half_done (id int)');
    await runner.query('SELECT no_such_column');
  }
  async down(): Promise<void> {
    return Promise.resolve();
  }
}

describe('runMigrations', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createTestDatabase();
  });
  afterEach(() => database.drop());

  const crates = async (): Promise<number> =>
    Number((await database.pool.query('SELECT count(*) AS n FROM crates')).rows[0]?.n);

  it('runs each migration once, however often it is called', async () => {
    const all = [CreateCrates1700000000001, FillCrates1700000000002];
    expect(await runMigrations(database.url, all)).toEqual(all.map((migration) => migration.name));
    expect(await runMigrations(database.url, all)).toEqual([]);
    expect(await crates()).toBe(1);
  });

  it('runs each migration once when several processes start together', async () => {
    const all = [CreateCrates1700000000001, FillCrates1700000000002];
    const ran = await Promise.all(Array.from({ length: 5 }, () => runMigrations(database.url, all)));
    expect(ran.flat().sort()).toEqual(all.map((migration) => migration.name));
    expect(await crates()).toBe(1);
  });

  it('takes lists one by one, also an older migration after a newer one', async () => {
    await runMigrations(database.url, [CreateCrates1700000000001]);
    expect(await runMigrations(database.url, [FillCrates1700000000002])).toEqual(['FillCrates1700000000002']);
  });

  it('says what a database lacks, and does not mind what a newer release added', async () => {
    const all = [CreateCrates1700000000001, FillCrates1700000000002];
    expect(await pendingMigrations(database.url, all)).toEqual(all.map(({ name }) => name));
    await runMigrations(database.url, all);
    expect(await pendingMigrations(database.url, [CreateCrates1700000000001])).toEqual([]);
    expect(await pendingMigrations(database.url, [...all, Broken1700000000003])).toEqual(['Broken1700000000003']);
  });

  it('leaves nothing of a migration that fails, keeps what ran before it, and lets the next one in', async () => {
    await expect(runMigrations(database.url, [CreateCrates1700000000001, Broken1700000000003])).rejects.toThrow(
      'no_such_column',
    );
    const { rows } = await database.pool.query(
      `SELECT to_regclass('half_done') AS half, to_regclass('crates') AS whole`,
    );
    expect(rows).toEqual([{ half: null, whole: 'crates' }]);
    expect(await runMigrations(database.url, [FillCrates1700000000002])).toEqual(['FillCrates1700000000002']);
  });
});
