import { ALIAS_FACTS } from './aliases.js';
import { CREATE_DISCREPANCIES } from './discrepancy-rows.js';
import { createDerivedTable } from './replace.js';
import { DERIVED } from './tables.js';
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
  class text COLLATE "C" NOT NULL,
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
CREATE INDEX IF NOT EXISTS facts_aliases ON ${s}.facts (recorded_at) WHERE ${ALIAS_FACTS};
CREATE TABLE IF NOT EXISTS ${s}.voidings (
  event_id    text COLLATE "C" NOT NULL,
  log_id      uuid NOT NULL,
  recorded_at text COLLATE "C" NOT NULL,
  PRIMARY KEY (event_id, log_id)
);
CREATE TABLE IF NOT EXISTS ${s}.incidence (
  node bigint NOT NULL,
  fact bigint NOT NULL,
  class text COLLATE "C" NOT NULL,
  commands boolean NOT NULL,
  dates boolean NOT NULL,
  enters boolean NOT NULL,
  leaves boolean NOT NULL,
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
  kind        text COLLATE "C" NOT NULL,
  id          text COLLATE "C" NOT NULL,
  log_id      uuid NOT NULL,
  recorded_at text COLLATE "C" NOT NULL,
  record_time timestamptz NOT NULL,
  parent      text COLLATE "C",
  entry       json NOT NULL,
  PRIMARY KEY (kind, id, log_id)
);
CREATE INDEX IF NOT EXISTS statements_parent ON ${s}.statements (parent) WHERE parent IS NOT NULL;
CREATE TABLE IF NOT EXISTS ${s}.parked (
  id       text COLLATE "C" NOT NULL,
  log_id   uuid NOT NULL,
  event_id text NOT NULL,
  recorded_at text COLLATE "C" NOT NULL,
  PRIMARY KEY (id, log_id)
);`;

/** Rows per owner (`tables.ts`), and how they are looked up otherwise. */
const DERIVED_TABLES = (s: string): string => `
${DERIVED.map((table) => createDerivedTable(s, table)).join('')}
CREATE INDEX IF NOT EXISTS lots_id ON ${s}.lots (id);
CREATE INDEX IF NOT EXISTS lots_item ON ${s}.lots (item, lot_code);
CREATE INDEX IF NOT EXISTS lots_code ON ${s}.lots (lot_code);
CREATE INDEX IF NOT EXISTS lots_supplier_codes ON ${s}.lots USING gin (supplier_lots) WHERE supplier_lot IS NOT NULL;
CREATE INDEX IF NOT EXISTS lots_held ON ${s}.lots (id) WHERE holds <> '[]';
CREATE INDEX IF NOT EXISTS balances_place ON ${s}.balances (place);
CREATE INDEX IF NOT EXISTS shipment_legs_act ON ${s}.shipment_legs (act);
CREATE INDEX IF NOT EXISTS shipment_legs_lot ON ${s}.shipment_legs (lot);
CREATE INDEX IF NOT EXISTS shipment_legs_unit ON ${s}.shipment_legs (unit) WHERE unit IS NOT NULL;
CREATE INDEX IF NOT EXISTS shipment_legs_due ON ${s}.shipment_legs (left(due, 10)) WHERE due IS NOT NULL AND outstanding > 0;
CREATE INDEX IF NOT EXISTS inferred_moves_lot ON ${s}.inferred_moves (lot);
CREATE INDEX IF NOT EXISTS flows_lot ON ${s}.flows (lot);
CREATE INDEX IF NOT EXISTS unit_departures_unit ON ${s}.unit_departures (unit);
CREATE INDEX IF NOT EXISTS members_serial ON ${s}.members (serial);
CREATE INDEX IF NOT EXISTS members_lot ON ${s}.members (lot);
CREATE INDEX IF NOT EXISTS legs_lot ON ${s}.legs (lot, role);
CREATE INDEX IF NOT EXISTS transformations_id ON ${s}.transformations (id);
CREATE INDEX IF NOT EXISTS stays_unit ON ${s}.stays (unit);
CREATE INDEX IF NOT EXISTS stays_content ON ${s}.stays (content);
CREATE INDEX IF NOT EXISTS dating_heirs ON ${s}.dating (id) WHERE inherits;
CREATE INDEX IF NOT EXISTS dates_id ON ${s}.dates (id);
CREATE INDEX IF NOT EXISTS dates_expiry ON ${s}.dates (expiry, id);
CREATE INDEX IF NOT EXISTS dates_inherited ON ${s}.dates (id) WHERE derived <> '[]';
${CREATE_DISCREPANCIES(s)}`;

/** Creates what the fact store keeps, in a schema of the caller; safe to run again. */
export const createStoreTables = async (client: Queryable, schema: string): Promise<void> => {
  await client.query(FACTS(schema));
  await client.query(DERIVED_TABLES(schema));
};
