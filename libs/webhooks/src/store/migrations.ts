import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where a context keeps its endpoints and deliveries; no context reads another's. */
export const webhookSchema = (context: string): string => `${context}_webhooks`;

const tables = (s: string): string => `
CREATE SCHEMA ${s};

CREATE TABLE ${s}.endpoints (
  id               uuid PRIMARY KEY,
  url              text NOT NULL,
  description      text,
  -- What it is told of (parties, sites); null: everything.
  wants            text[],
  -- It is told of what has a higher position in the log.
  since            text COLLATE "C" NOT NULL,
  -- Sealed, each for this endpoint; the former one signs beside the present one for a while.
  secret           bytea NOT NULL,
  former_secret    bytea,
  former_until     timestamptz,
  -- The request that rotated last: repeated, it changes nothing.
  rotation         text,
  created_by       text NOT NULL,
  created_at       timestamptz NOT NULL DEFAULT now(),
  disabled_at      timestamptz,
  disabled_because text,
  -- Attempts in a row that failed, whatever they were to deliver.
  failed           int NOT NULL DEFAULT 0,
  -- Who sends to it now, one at a time; without a sender: not before then.
  sender           uuid,
  sending_until    timestamptz
);

-- One for each event and endpoint. The id is what receivers tell messages apart by, so it follows from both.
CREATE TABLE ${s}.deliveries (
  id         uuid PRIMARY KEY,
  endpoint   uuid NOT NULL REFERENCES ${s}.endpoints ON DELETE CASCADE,
  event      uuid NOT NULL,
  type       text NOT NULL,
  position   text COLLATE "C" NOT NULL,
  body       text NOT NULL,
  state      text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'dead')),
  attempts   int NOT NULL DEFAULT 0,
  -- In a row, since an operator last retried it.
  failures   int NOT NULL DEFAULT 0,
  next_at    timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX deliveries_in_order ON ${s}.deliveries (endpoint, position) WHERE state = 'waiting';
CREATE INDEX deliveries_due ON ${s}.deliveries (next_at) WHERE state = 'waiting';
CREATE INDEX deliveries_dead ON ${s}.deliveries (position) WHERE state = 'dead';
CREATE INDEX deliveries_listed ON ${s}.deliveries (position, id);
CREATE INDEX deliveries_of_endpoint ON ${s}.deliveries (endpoint);

CREATE TABLE ${s}.attempts (
  delivery uuid NOT NULL REFERENCES ${s}.deliveries ON DELETE CASCADE,
  number   int NOT NULL,
  at       timestamptz NOT NULL DEFAULT now(),
  status   int,
  error    text CHECK (length(error) <= 200),
  PRIMARY KEY (delivery, number)
);`;

/** @param stamp 13 digits: its place among all migrations. */
export const webhookMigrations = (context: string, stamp: string): (new () => MigrationInterface)[] => {
  const schema = webhookSchema(context);
  return [
    class implements MigrationInterface {
      readonly name = `${context.charAt(0).toUpperCase()}${context.slice(1)}Webhooks${stamp}`;

      async up(runner: QueryRunner): Promise<void> {
        await runner.query(tables(schema));
      }

      async down(runner: QueryRunner): Promise<void> {
        await runner.query(`DROP SCHEMA ${schema} CASCADE`);
      }
    },
  ];
};
