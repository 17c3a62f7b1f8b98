import type { DerivedTable } from './replace.js';

/** One row a lot, serial, unit or pool: what it is and where it stands at present. */
export const LOTS: DerivedTable = {
  name: 'lots',
  columns: {
    id: 'text',
    kind: 'text',
    item: 'text',
    lot_code: 'text',
    supplier_lot: 'text',
    supplier_lots: 'jsonb',
    status: 'text',
    node: 'jsonb',
    holds: 'jsonb',
    origins: 'jsonb',
    acts: 'jsonb',
    first_time: 'text',
    last_time: 'text',
  },
};

/** The ledger of a lot, in its order. Values are in the base unit of the dimension. */
export const LEDGER: DerivedTable = {
  name: 'ledger',
  columns: {
    seq: 'integer',
    time: 'text',
    from_kind: 'text',
    from_place: 'text',
    from_unit: 'text',
    to_kind: 'text',
    to_place: 'text',
    to_unit: 'text',
    value: 'numeric',
    dimension: 'text',
    events: 'jsonb',
    flag: 'text',
  },
};

/** Stock on hand: by place, unit and dimension. */
export const BALANCES: DerivedTable = {
  name: 'balances',
  columns: { place: 'text', unit: 'text', party: 'text', dimension: 'text', value: 'numeric', received: 'numeric' },
};

/** What every account of a lot holds; of one dimension all add up to zero. */
export const ACCOUNTS: DerivedTable = {
  name: 'accounts',
  columns: { kind: 'text', place: 'text', unit: 'text', dimension: 'text', value: 'numeric' },
};

/** What departures (or receivings without one) moved of a lot. */
export const SHIPMENTS: DerivedTable = {
  name: 'shipment_legs',
  columns: {
    lot: 'text',
    act: 'text',
    id: 'text',
    departure: 'text',
    departure_recorded: 'boolean',
    arrivals: 'jsonb',
    from_place: 'text',
    from_party: 'text',
    to_place: 'text',
    consignee: 'text',
    dimension: 'text',
    value: 'numeric',
    unit: 'text',
    shipped_at: 'text',
    received_at: 'text',
    due: 'text',
    outstanding: 'numeric',
    contents_learnt_later: 'boolean',
    events: 'jsonb',
  },
};

/** What moved between parties although nothing says so. */
export const MOVES: DerivedTable = {
  name: 'inferred_moves',
  columns: {
    lot: 'text',
    from_place: 'text',
    from_party: 'text',
    to_place: 'text',
    consignee: 'text',
    dimension: 'text',
    value: 'numeric',
    unit: 'text',
    time: 'text',
    events: 'jsonb',
    cause: 'text',
  },
};

/** Of a transformation (owner: the id as stated): one row a key, with its legs. */
export const TRANSFORMATIONS: DerivedTable = {
  name: 'transformations',
  columns: {
    id: 'text',
    kind: 'text',
    event_time: 'text',
    place: 'text',
    inputs: 'jsonb',
    outputs: 'jsonb',
    events: 'jsonb',
    /** Where a unit is among its legs: what stands for it is looked up when it is read. */
    happenings: 'jsonb',
  },
};

/** The edges of the walk, bipartite: lot — transformation, never lot — lot. */
export const LEGS: DerivedTable = { name: 'legs', columns: { lot: 'text', role: 'text', id: 'text' } };

/** What events took of a lot for a transformation, or made of it; assumed quantities and contents of units are resolved. */
export const FLOWS: DerivedTable = {
  name: 'flows',
  columns: { lot: 'text', side: 'text', event: 'text', dimension: 'text', value: 'numeric' },
};

/** The lots that a serial (owner) states. */
export const MEMBERS: DerivedTable = { name: 'members', columns: { serial: 'text', lot: 'text' } };

/** What was in a unit (owner), and when. */
export const STAYS: DerivedTable = {
  name: 'stays',
  columns: { unit: 'text', content: 'text', from_time: 'text', to_time: 'text' },
};

/** Departures that name a unit (owner): a shipment each, where nothing tells what the unit held. */
export const UNIT_DEPARTURES: DerivedTable = {
  name: 'unit_departures',
  columns: { unit: 'text', event: 'text', node: 'jsonb' },
};

/** What a lot's dates follow from. */
export const DATING: DerivedTable = {
  name: 'dating',
  columns: { id: 'text', own: 'jsonb', inherits: 'boolean', inputs: 'jsonb', classes: 'jsonb', kind: 'text' },
};

/** The dates that hold for a lot: stated, following from its item's rule, or inherited (`derived` names the inherited). */
export const DATES: DerivedTable = {
  name: 'dates',
  columns: {
    id: 'text',
    dates: 'jsonb',
    production: 'text',
    expiry: 'text',
    best_before: 'text',
    retest: 'text',
    removal: 'text',
    derived: 'jsonb',
  },
};

export const DERIVED: readonly DerivedTable[] = [
  LOTS,
  LEDGER,
  BALANCES,
  ACCOUNTS,
  SHIPMENTS,
  MOVES,
  TRANSFORMATIONS,
  LEGS,
  FLOWS,
  MEMBERS,
  STAYS,
  UNIT_DEPARTURES,
  DATING,
  DATES,
];
