import type { MigrationInterface, QueryRunner } from 'typeorm';
import type { MigrationClass } from '../postgres/migrate.js';

class Idempotency1763900000001 implements MigrationInterface {
  readonly name = 'Idempotency1763900000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE SCHEMA IF NOT EXISTS platform`);
    await runner.query(`CREATE TABLE platform.idempotency (
      subject       text        NOT NULL,
      key           text        NOT NULL,
      request_hash  text        NOT NULL,
      claim         uuid        NOT NULL,
      claimed_until timestamptz NOT NULL,
      expires_at    timestamptz NOT NULL,
      status        integer,
      headers       json,
      body          text,
      PRIMARY KEY (subject, key)
    )`);
    await runner.query(`CREATE INDEX idempotency_expires ON platform.idempotency (expires_at)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE platform.idempotency`);
  }
}

export const platformMigrations: readonly MigrationClass[] = [Idempotency1763900000001];
