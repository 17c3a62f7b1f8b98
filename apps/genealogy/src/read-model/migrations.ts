import type { MigrationInterface, QueryRunner } from 'typeorm';

/** `lotline_public` took the place of the views in `analytics`; a schema of that name may hold more than ours. */
export class DropAnalyticsViews1769000030001 implements MigrationInterface {
  name = 'DropAnalyticsViews1769000030001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
DROP FUNCTION IF EXISTS analytics.follow_switch() CASCADE;
DROP FUNCTION IF EXISTS analytics.point_at(text);
DROP VIEW IF EXISTS analytics.v_lots, analytics.v_ledger, analytics.v_transformations, analytics.v_shipments,
  analytics.v_discrepancies;`);
  }

  async down(): Promise<void> {
    // Nothing to bring back: the release that wants them makes them itself.
  }
}

export const genealogyMigrations = [DropAnalyticsViews1769000030001];
