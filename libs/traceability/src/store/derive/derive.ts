import type { Happening } from '../../happening.js';
import {
  confirmedDifferently,
  type Discrepancy,
  effective,
  foldLot,
  moreOutThanIn,
  type Source,
  suspectedDuplicates,
} from '../../ledger/index.js';
import type { MasterDataState } from '../../master-data/index.js';
import { foldedFor } from '../../memory-graph/graph.js';
import { type Incidence, incidenceOf, thingsOf } from '../../memory-graph/incidence.js';
import { lotNode, transformationNode } from '../../memory-graph/index.js';
import { unknownShipment } from '../../memory-graph/shipments.js';
import {
  type Membership,
  type ShipmentNode,
  type Stay,
  transformationKey,
  type TransformationNode,
} from '../../trace/index.js';
import { type Dating, datingOf } from './dating.js';
import {
  accountRows,
  balanceRows,
  entryRows,
  type FlowRow,
  flowRows,
  type LotRow,
  lotRow,
  type MoveRow,
  moveRows,
  type ShipmentRow,
  shipmentRows,
} from './lot-rows.js';
import { uniqueSorted } from './order.js';

/** All derived rows of one lot, serial, unit or pool. */
export interface DerivedLot {
  /** Whether anything that stands names it. */
  known: boolean;
  lot: LotRow;
  /** What names it, effective, in ledger order. */
  naming: readonly Happening[];
  /** All that its ledger was folded from: besides that, what was done with units while it could be in them. */
  folded: readonly Happening[];
  /** All that names it and stands, also commands that facts confirm. */
  standing: readonly Happening[];
  /** What it was filled with. */
  sources: readonly Source[];
  ledger: object[];
  balances: object[];
  accounts: object[];
  shipments: ShipmentRow[];
  moves: MoveRow[];
  flows: FlowRow[];
  members: readonly Membership[];
  stays: readonly Stay[];
  departures: { unit: string; event: string; node: ShipmentNode }[];
  discrepancies: readonly Discrepancy[];
  dating: Dating;
}

/** What stands in the record about some things, looked up by whom it names. */
export interface Standing {
  /** All that is not voided, aliases resolved. */
  happenings: readonly Happening[];
  incidence: Incidence;
  master: MasterDataState;
  naming: ReadonlyMap<string, readonly Happening[]>;
  confirmedDifferently: ReadonlyMap<string, readonly Discrepancy[]>;
  /** Keys of transformations by the ids that their events state. */
  stated: ReadonlyMap<string, ReadonlySet<string>>;
}

export const standingOf = (happenings: readonly Happening[], master: MasterDataState): Standing => {
  const naming = new Map<string, Happening[]>();
  for (const h of happenings)
    for (const id of new Set(thingsOf(h).map((thing) => thing.id))) {
      const list = naming.get(id);
      if (list === undefined) naming.set(id, [h]);
      else list.push(h);
    }
  const incidence = incidenceOf(effective(happenings), master);
  const stated = new Map<string, Set<string>>();
  for (const [key, list] of incidence.transformations)
    for (const { transformation } of list)
      if (transformation !== undefined) stated.set(transformation, (stated.get(transformation) ?? new Set()).add(key));
  return {
    happenings,
    master,
    naming,
    incidence,
    stated,
    confirmedDifferently: Map.groupBy(confirmedDifferently(happenings), (d) => d.lot),
  };
};

/** Lots that went into this one. */
export const inputsOf = (lot: string, { incidence, master }: Standing): string[] =>
  uniqueSorted(
    [
      ...new Set(
        (incidence.naming.get(lot) ?? [])
          .filter((h) => h.outputs?.some((out) => out.id === lot))
          .map((h) => transformationKey(h, master)),
      ),
    ].flatMap((key) => (incidence.transformations.get(key) ?? []).flatMap((h) => h.things.map((thing) => thing.id))),
  );

/** The production day that was stated last of a lot. */
export const productionDay = (lot: string, { incidence }: Standing): string | undefined =>
  (incidence.naming.get(lot) ?? []).map((h) => h.dates?.[lot]?.production).findLast((day) => day !== undefined);

const madeOn = (lot: string, naming: readonly Happening[]): string | undefined =>
  naming.find((h) => (h.verb === 'make' ? h.things : (h.outputs ?? [])).some((thing) => thing.id === lot))?.time.day;

// Only what says the same is compared, and most lots are made once and used once: comparing is dear.
const saysTwice = (naming: readonly Happening[]): boolean => new Set(naming.map((h) => h.verb)).size < naming.length;

const departuresOf = (unit: string, naming: readonly Happening[], master: MasterDataState): DerivedLot['departures'] =>
  naming
    .filter((h) => h.verb === 'ship' && h.things.some((thing) => thing.id === unit && thing.kind === 'unit'))
    .map((h) => ({ unit, event: h.id, node: unknownShipment(unit, h, master) }));

/**
 * A pure function of what stands in the record about the lot, of master data, and of its inputs' stated production days.
 * @param standing holds all facts that name it, a serial of it or a unit that held it; what it holds besides has no part.
 */
export const deriveLot = (id: string, standing: Standing, production: ReadonlyMap<string, string>): DerivedLot => {
  const { incidence, master } = standing;
  const naming = incidence.naming.get(id) ?? [];
  const lots = inputsOf(id, standing);
  const inputProduction = new Map(
    lots.flatMap((lot) => {
      const day = production.get(lot);
      return day === undefined ? [] : [[lot, day] as const];
    }),
  );
  const folded = foldedFor(id, incidence);
  const ledger = foldLot(id, folded, master, { inputProduction });
  const node = lotNode(id, naming, ledger, master, incidence.contentsOf.has(id));
  const named = incidence.things.get(id) ?? [];
  return {
    known: naming.length > 0,
    naming,
    folded,
    standing: standing.naming.get(id) ?? [],
    sources: ledger.sources,
    lot: lotRow(node, named.length > 0 && named.every((t) => t.kind === 'pool'), naming, standing.naming.get(id) ?? []),
    ledger: entryRows(ledger),
    balances: balanceRows(ledger),
    accounts: accountRows(ledger),
    shipments: shipmentRows(id, ledger),
    moves: moveRows(id, ledger),
    flows: flowRows(id, ledger),
    members: (incidence.membershipsOf.get(id) ?? []).filter((m) => m.serial === id),
    stays: incidence.contentsOf.get(id) ?? [],
    departures: departuresOf(id, naming, master),
    discrepancies: [
      ...ledger.discrepancies,
      ...(standing.confirmedDifferently.get(id) ?? []),
      ...(saysTwice(naming) ? suspectedDuplicates(naming).filter((d) => d.lot === id) : []),
    ],
    dating: datingOf(node.dates, node.item, madeOn(id, naming), lots, master),
  };
};

/** A transformation with units as they are named. */
export interface DerivedTransformation extends TransformationNode {
  discrepancies: readonly Discrepancy[];
  /** Set where a unit is among its legs: what stands for it is looked up when it is read. */
  happenings?: readonly Happening[];
}

/** Transformations whose events state this id. */
export const deriveTransformations = (id: string, { incidence, master, stated }: Standing): DerivedTransformation[] =>
  [...(stated.get(id) ?? [])]
    .map((key): DerivedTransformation => {
      const happenings = incidence.transformations.get(key) ?? [];
      const node = transformationNode(key, happenings, () => []);
      const mixed = [...node.inputs, ...node.outputs].some((leg) => leg.kind === 'unit');
      const more = moreOutThanIn(happenings, master);
      return { ...node, discrepancies: more === undefined ? [] : [more], ...(mixed && { happenings }) };
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1));
