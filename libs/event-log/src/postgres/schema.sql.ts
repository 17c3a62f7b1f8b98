/**
 * The log. Four tables with one job each:
 * - `tail` is the log's lock and its end: one row, taken FOR UPDATE by every writer, so that commits come in the order of
 *   their positions and a snapshot always sees a prefix of the log, without gaps;
 * - `streams` (heads) and `ids` hold what must be unique, narrow, written under that lock and kept for ever;
 * - `events` holds the rows, without any unique index but the position, in ranges that can be archived one by one.
 *
 * A stream's key is the position of its first event: unique without a sequence, and no event of it stands before.
 * `data` and `meta` are json, not jsonb: nobody queries them here, and they come back as they were written.
 */
export const CREATE_LOG = `
CREATE SCHEMA log;

CREATE TABLE log.identity (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  log_id   uuid    NOT NULL DEFAULT gen_random_uuid(),
  epoch    integer NOT NULL DEFAULT 1 CHECK (epoch > 0)
);
INSERT INTO log.identity DEFAULT VALUES;

CREATE TABLE log.tail (
  only_row       boolean     PRIMARY KEY DEFAULT true CHECK (only_row),
  position       bigint      NOT NULL DEFAULT 0,
  record_time    timestamptz NOT NULL DEFAULT '-infinity',
  -- first position without a partition, and how many positions a new partition gets
  partitioned_to bigint      NOT NULL DEFAULT 1,
  partition_size bigint      NOT NULL DEFAULT 10000000 CHECK (partition_size > 0)
) WITH (fillfactor = 10);
INSERT INTO log.tail DEFAULT VALUES;

CREATE TABLE log.streams (
  name     text COLLATE "C" PRIMARY KEY,
  key      bigint  NOT NULL UNIQUE,
  revision integer NOT NULL
) WITH (fillfactor = 80);

CREATE TABLE log.ids (
  id           uuid   PRIMARY KEY,
  content_hash bytea  NOT NULL,
  position     bigint NOT NULL
);

CREATE TABLE log.events (
  position       bigint      NOT NULL PRIMARY KEY,
  stream         bigint      NOT NULL,
  record_time    timestamptz NOT NULL,
  revision       integer     NOT NULL,
  schema_version integer     NOT NULL,
  id             uuid        NOT NULL,
  type           text        NOT NULL,
  event_time     text        NOT NULL,
  data           json        NOT NULL,
  meta           json        NOT NULL
) PARTITION BY RANGE (position);
CREATE INDEX events_by_stream ON log.events (stream, revision);
`;

export const DROP_LOG = 'DROP SCHEMA log CASCADE';
