import type { MigrationInterface, QueryRunner } from 'typeorm';

class CaptureJobs1767000010001 implements MigrationInterface {
  name = 'CaptureJobs1767000010001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE SCHEMA IF NOT EXISTS capture');
    // The body is text, not json: it is kept as it came, and nobody queries it.
    await runner.query(`
      CREATE TABLE capture.jobs (
        id          uuid        PRIMARY KEY,
        created_at  timestamptz NOT NULL,
        finished_at timestamptz,
        success     boolean,
        behaviour   text        NOT NULL CHECK (behaviour IN ('rollback', 'proceed')),
        meta        json        NOT NULL,
        progress    json        NOT NULL,
        body        text        NOT NULL,
        CHECK ((finished_at IS NULL) = (success IS NULL))
      )`);
    await runner.query('CREATE INDEX jobs_newest ON capture.jobs (created_at DESC, id DESC)');
    await runner.query('CREATE INDEX jobs_unfinished ON capture.jobs (created_at) WHERE finished_at IS NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE capture.jobs');
  }
}

export const captureMigrations = [CaptureJobs1767000010001];
