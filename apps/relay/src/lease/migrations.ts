import type { MigrationInterface, QueryRunner } from 'typeorm';

class RelayCheckpoints1767000090001 implements MigrationInterface {
  name = 'RelayCheckpoints1767000090001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE SCHEMA IF NOT EXISTS relay');
    // How far a log has been published, and who may publish it. The token rises whenever that changes, so that what a
    // former holder still writes is told apart. Updated at least once a second: pages keep room for it.
    await runner.query(`
      CREATE TABLE relay.checkpoints (
        log_id     text        PRIMARY KEY,
        epoch      bigint      NOT NULL,
        position   text        COLLATE "C" NOT NULL,
        token      bigint      NOT NULL,
        holder     text,
        expires_at timestamptz,
        updated_at timestamptz NOT NULL DEFAULT now(),
        CHECK ((holder IS NULL) = (expires_at IS NULL))
      ) WITH (fillfactor = 50)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP SCHEMA relay CASCADE');
  }
}

export const relayMigrations = [RelayCheckpoints1767000090001];
