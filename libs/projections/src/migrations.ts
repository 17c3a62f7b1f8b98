import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = `
CREATE SCHEMA IF NOT EXISTS projections;

-- One row for each set of tables ever built; a schema name is never used again.
CREATE TABLE projections.builds (
  schema      text PRIMARY KEY,
  projection  text NOT NULL,
  version     int NOT NULL,
  status      text NOT NULL CHECK (status IN ('building', 'ready', 'active', 'standby', 'failed', 'retired')),
  reason      text,
  -- How it compared with what readers saw when it was built.
  report      json,
  created_at  timestamptz NOT NULL DEFAULT now(),
  changed_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX builds_by_projection ON projections.builds (projection, version);

-- What readers see, and what they go back to.
CREATE TABLE projections.active (
  projection  text PRIMARY KEY,
  schema      text NOT NULL REFERENCES projections.builds,
  version     int NOT NULL,
  previous    text REFERENCES projections.builds,
  switched_at timestamptz NOT NULL DEFAULT now()
);

-- Consumer: the schema of a build, or reactor:{name}. Positions compare as plain strings.
CREATE TABLE projections.checkpoints (
  consumer         text NOT NULL,
  partition        int NOT NULL,
  "of"             int NOT NULL,
  position         text COLLATE "C" NOT NULL,
  cursor           text,
  log_id           text NOT NULL,
  epoch            bigint NOT NULL,
  last_record_time text,
  state            text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'failing', 'paused', 'needs-rebuild')),
  reason           text,
  updated_at       timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (consumer, partition)
) WITH (fillfactor = 50);

CREATE TABLE projections.parked (
  schema       text NOT NULL REFERENCES projections.builds,
  event_id     uuid NOT NULL,
  projection   text NOT NULL,
  version      int NOT NULL,
  stream       text NOT NULL,
  revision     int NOT NULL,
  type         text NOT NULL,
  position     text COLLATE "C" NOT NULL,
  follows      boolean NOT NULL,
  error        text NOT NULL,
  status       text NOT NULL DEFAULT 'parked' CHECK (status IN ('parked', 'retried', 'discarded')),
  attempts     int NOT NULL DEFAULT 1,
  -- The operator's decision that took it out of parked: a rebuild repeats those that did, not those that failed.
  resolved_by  uuid,
  first_parked timestamptz NOT NULL DEFAULT now(),
  changed_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (schema, event_id)
);
CREATE INDEX parked_streams ON projections.parked (schema, stream) WHERE status = 'parked';
`;

export class CreateProjections1700000020001 implements MigrationInterface {
  name = 'CreateProjections1700000020001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP SCHEMA projections CASCADE');
  }
}

export class CreatePublicViews1700000020002 implements MigrationInterface {
  name = 'CreatePublicViews1700000020002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE SCHEMA IF NOT EXISTS lotline_public');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP SCHEMA lotline_public CASCADE');
  }
}

/** Static tables of the engine, in order; schemas of read models are created by their projectors. */
export const projectionMigrations = [CreateProjections1700000020001, CreatePublicViews1700000020002];
