import type { Happening, MasterData, Thing } from '../happening.js';
import { inLedgerOrder } from '../ledger/order.js';
import { withGoods } from '../ledger/with-goods.js';
import type { Membership, Stay } from '../trace/graph.js';
import { addTo, groupBy } from '../trace/grouping.js';
import { transformationKey } from '../trace/transformation.js';
import { staysOf } from './stays.js';

/** Who is named where: all that the graph looks up, built once over effective happenings. */
export interface Incidence {
  /** Happenings that name a lot, serial, unit or item of a pool, in ledger order. */
  naming: ReadonlyMap<string, readonly Happening[]>;
  byEvent: ReadonlyMap<string, readonly Happening[]>;
  memberships: readonly Membership[];
  membershipsOf: ReadonlyMap<string, readonly Membership[]>;
  unitsOf: ReadonlyMap<string, readonly Stay[]>;
  contentsOf: ReadonlyMap<string, readonly Stay[]>;
  /** Transformations by key. */
  transformations: ReadonlyMap<string, readonly Happening[]>;
  /** Things by id, as they were named. */
  things: ReadonlyMap<string, readonly Thing[]>;
}

export const thingsOf = (h: Happening): readonly Thing[] =>
  h.outputs === undefined ? h.things : [...h.things, ...h.outputs];

/** Every id that a happening names: what it moves, their lots, the unit, and lots whose dates it states. */
export const idsOf = (h: Happening): Set<string> => {
  const ids = new Set<string>();
  for (const thing of thingsOf(h)) {
    ids.add(thing.id);
    if (thing.lot !== undefined) ids.add(thing.lot);
  }
  if (h.parent !== undefined) ids.add(h.parent);
  for (const id of Object.keys(h.dates ?? {})) ids.add(id);
  return ids;
};

export const incidenceOf = (effective: readonly Happening[], master: MasterData): Incidence => {
  // An arrival that names a shipment alone is of all that was shipped under it, whoever asks.
  const ordered = withGoods(effective).sort(inLedgerOrder);
  const naming = new Map<string, Happening[]>();
  const things = new Map<string, Thing[]>();
  const memberships = new Map<string, Membership>();
  for (const h of ordered) {
    for (const id of idsOf(h)) addTo(naming, id, h);
    for (const thing of thingsOf(h)) {
      addTo(things, thing.id, thing);
      if (thing.lot !== undefined && thing.lot !== thing.id)
        memberships.set(`${thing.id} ${thing.lot}`, { serial: thing.id, lot: thing.lot });
    }
  }
  const membershipsOf = new Map<string, Membership[]>();
  for (const m of memberships.values()) {
    addTo(membershipsOf, m.serial, m);
    addTo(membershipsOf, m.lot, m);
  }
  const stays = staysOf(ordered);
  return {
    naming,
    things,
    memberships: [...memberships.values()],
    membershipsOf,
    byEvent: groupBy(ordered, (h) => h.id),
    unitsOf: groupBy(stays, (stay) => stay.content),
    contentsOf: groupBy(stays, (stay) => stay.unit),
    transformations: groupBy(
      ordered.filter((h) => h.verb === 'transform'),
      (h) => transformationKey(h, master),
    ),
  };
};
