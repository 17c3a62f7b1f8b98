import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { projectionMigrations } from '#projections';
import { createTestDatabase, type TestDatabase } from '#testkit';
import type { QueryRunner } from 'typeorm';
import { DropAnalyticsViews1769000030001 } from './migrations.js';

describe('the migration that drops the views in analytics', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase({ migrations: projectionMigrations });
  });
  afterAll(() => database.drop());

  const up = () =>
    new DropAnalyticsViews1769000030001().up({
      query: (sql: string) => database.pool.query(sql),
    } as unknown as QueryRunner);

  it('drops what an earlier release made there and nothing else, and needs nothing to be there', async () => {
    await up();
    await database.pool.query(`
      CREATE SCHEMA analytics;
      CREATE VIEW analytics.v_lots AS SELECT 1 AS lot;
      CREATE VIEW analytics.own AS SELECT 2 AS n;
      CREATE FUNCTION analytics.point_at(build text) RETURNS void LANGUAGE sql AS '';
      CREATE FUNCTION analytics.follow_switch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        PERFORM analytics.point_at(NEW.schema); RETURN NEW; END $$;
      CREATE TRIGGER genealogy_views AFTER INSERT OR UPDATE ON projections.active
        FOR EACH ROW EXECUTE FUNCTION analytics.follow_switch();`);
    await up();
    const { rows } = await database.pool.query(`
      SELECT to_regclass('analytics.v_lots') AS view, to_regclass('analytics.own')::text AS own,
        (SELECT count(*)::int FROM pg_proc WHERE pronamespace = 'analytics'::regnamespace) AS functions,
        (SELECT count(*)::int FROM pg_trigger WHERE tgname = 'genealogy_views') AS triggers`);
    expect(rows).toEqual([{ view: null, own: 'analytics.own', functions: 0, triggers: 0 }]);
  });
});
