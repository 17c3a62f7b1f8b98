import type { Queryable } from './unnest.js';

/**
 * Tables of the truth that this model knows: what was recorded, and whom it names. Nothing here depends on the order of
 * arrival but the internal numbers (`node`, `fact`), which never leave the model.
 *
 * Positions and names are compared as bytes (`COLLATE "C"`), as the log compares them.
 */
const FACTS = (s: string): string => `
CREATE TABLE IF NOT EXISTS ${s}.nodes (
  node bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  class text NOT NULL,
  id   text COLLATE "C" NOT NULL,
  rank smallint NOT NULL,
  UNIQUE (id, class)
);
CREATE TABLE IF NOT EXISTS ${s}.facts (
  fact        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  log_id      uuid NOT NULL UNIQUE,
  event_id    text COLLATE "C" NOT NULL,
  declaration boolean NOT NULL,
  type        text NOT NULL,
  recorded_at text COLLATE "C" NOT NULL,
  record_time timestamptz NOT NULL,
  voided_at   text COLLATE "C",
  time_key    text COLLATE "C",
  happenings  json NOT NULL
);
CREATE INDEX IF NOT EXISTS facts_event ON ${s}.facts (event_id);
CREATE INDEX IF NOT EXISTS facts_record_time ON ${s}.facts (record_time, recorded_at);
CREATE TABLE IF NOT EXISTS ${s}.voidings (
  event_id    text COLLATE "C" NOT NULL,
  log_id      uuid NOT NULL,
  recorded_at text COLLATE "C" NOT NULL,
  PRIMARY KEY (event_id, log_id)
);
CREATE TABLE IF NOT EXISTS ${s}.incidence (
  node bigint NOT NULL,
  fact bigint NOT NULL,
  commands boolean NOT NULL,
  PRIMARY KEY (node, fact)
);
CREATE INDEX IF NOT EXISTS incidence_commands ON ${s}.incidence (node) WHERE commands;
CREATE INDEX IF NOT EXISTS incidence_fact ON ${s}.incidence (fact);
CREATE TABLE IF NOT EXISTS ${s}.containment (
  unit bigint NOT NULL,
  held bigint NOT NULL,
  PRIMARY KEY (unit, held)
);
CREATE INDEX IF NOT EXISTS containment_held ON ${s}.containment (held);
CREATE TABLE IF NOT EXISTS ${s}.membership (
  serial bigint NOT NULL,
  lot    bigint NOT NULL,
  PRIMARY KEY (serial, lot)
);
CREATE INDEX IF NOT EXISTS membership_lot ON ${s}.membership (lot);
CREATE TABLE IF NOT EXISTS ${s}.same (
  a bigint NOT NULL,
  b bigint NOT NULL,
  PRIMARY KEY (a, b)
);
CREATE TABLE IF NOT EXISTS ${s}.aliases (
  id         text COLLATE "C" PRIMARY KEY,
  stands_for text COLLATE "C" NOT NULL
);
CREATE INDEX IF NOT EXISTS aliases_stands_for ON ${s}.aliases (stands_for);
CREATE TABLE IF NOT EXISTS ${s}.statements (
  kind        text NOT NULL,
  id          text COLLATE "C" NOT NULL,
  log_id      uuid NOT NULL,
  recorded_at text COLLATE "C" NOT NULL,
  record_time timestamptz NOT NULL,
  stated_at   text COLLATE "C" NOT NULL,
  hash        text COLLATE "C" NOT NULL,
  value       json NOT NULL,
  PRIMARY KEY (kind, id, log_id)
);
CREATE TABLE IF NOT EXISTS ${s}.master (
  kind   text NOT NULL,
  id     text COLLATE "C" NOT NULL,
  value  json NOT NULL,
  parent text COLLATE "C",
  PRIMARY KEY (kind, id)
);
CREATE INDEX IF NOT EXISTS master_parent ON ${s}.master (parent) WHERE parent IS NOT NULL;
CREATE TABLE IF NOT EXISTS ${s}.parked (
  id       text COLLATE "C" NOT NULL,
  log_id   uuid NOT NULL,
  event_id text NOT NULL,
  PRIMARY KEY (id, log_id)
);`;

/** Creates what the fact store keeps, in a schema of the caller; safe to run again. */
export const createFactTables = async (client: Queryable, schema: string): Promise<void> => {
  await client.query(FACTS(schema));
};
