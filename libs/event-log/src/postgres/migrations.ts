import type { MigrationInterface, QueryRunner } from 'typeorm';
import { CREATE_LOG, DROP_LOG } from './schema.sql.js';

class CreateEventLog1767000000001 implements MigrationInterface {
  name = 'CreateEventLog1767000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(CREATE_LOG);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DROP_LOG);
  }
}

/** TypeORM migrations that create and upgrade the schema `log`; run them by `runMigrations` before the log is opened. */
export const eventLogMigrations = [CreateEventLog1767000000001];
