import { amountOf, canonicalId } from '#kernel';
import type { Happening, MasterData } from '../happening.js';
import {
  confirmedDifferently,
  effective,
  foldLot,
  moreOutThanIn,
  notReceived,
  suspectedDuplicates,
  type Discrepancy,
  type LotLedger,
} from '../ledger/index.js';
import type { Mention, ShipmentNode, TraceGraph, TransformationNode } from '../trace/graph.js';
import { fromHand } from '../trace/graph-at-hand.js';
import { addTo, compareText } from '../trace/grouping.js';
import { transformationKey } from '../trace/transformation.js';
import { aliasesOf, withAliases } from './aliases.js';
import { idsOf, incidenceOf, type Incidence } from './incidence.js';
import { lotNode } from './lots.js';
import { actOf, shipmentNodes, unknownShipment } from './shipments.js';
import { transformationNode } from './transformations.js';
import { unitLegs } from './unit-contents.js';

export interface GraphOptions {
  /** The log position the happenings reach up to. */
  position?: string;
  /** `Instant.key`: only what happened up to then. */
  eventTimeTo?: string;
  /** Ids of parked events by the lot or unit they name. */
  parked?: ReadonlyMap<string, readonly string[]>;
  /** Tells what is overdue at a time (`Instant.key`), at destinations of ours. */
  overdue?: { now: string; isOurs: (destination: string) => boolean };
}

/** Remembers what a function of one id gave. */
const remembering = <T>(compute: (id: string) => T): ((id: string) => T) => {
  const known = new Map<string, T>();
  return (id) => {
    if (!known.has(id)) known.set(id, compute(id));
    return known.get(id) as T;
  };
};

const collect = <T>(ids: readonly string[], of: (id: string) => readonly T[]): T[] => [...new Set(ids.flatMap(of))];

/** The happenings that the ledger of one lot folds: those that name it, its pieces, or a unit while either could be in it. */
export const foldedFor = (lot: string, incidence: Incidence): Happening[] => {
  const named = new Set([lot]);
  for (const { serial, lot: of } of incidence.membershipsOf.get(lot) ?? []) if (of === lot) named.add(serial);
  const queue = [...named];
  for (let id = queue.pop(); id !== undefined; id = queue.pop())
    for (const { unit } of incidence.unitsOf.get(id) ?? [])
      if (!named.has(unit)) {
        named.add(unit);
        queue.push(unit);
      }
  return collect([...named], (id) => incidence.naming.get(id) ?? []);
};

/** Production days that were stated for the inputs of what made a lot, by whichever of its events they are named. */
const inputProduction = (lot: string, incidence: Incidence, master: MasterData): Map<string, string> => {
  const days = new Map<string, string>();
  const makings = (incidence.naming.get(lot) ?? []).filter((h) => h.outputs?.some((t) => t.id === lot));
  for (const key of new Set(makings.map((h) => transformationKey(h, master)))) {
    const inputs = (incidence.transformations.get(key) ?? []).flatMap((h) => h.things);
    for (const input of inputs)
      for (const of of incidence.naming.get(input.id) ?? []) {
        const day = of.dates?.[input.id]?.production;
        if (day !== undefined) days.set(input.id, day);
      }
  }
  return days;
};

const byCode = (incidence: Incidence): ((code: string) => readonly string[]) => {
  const lots = new Map<string, Set<string>>();
  const add = (code: string | undefined, id: string): void => {
    if (code !== undefined) lots.set(code, (lots.get(code) ?? new Set()).add(id));
  };
  for (const [id, things] of incidence.things) {
    if (things.every((t) => t.kind === 'pool' || t.kind === 'unit')) continue;
    add(canonicalId(id).lotCode, id);
    for (const { lotCode, supplierLot } of things) {
      add(lotCode, id);
      add(supplierLot, id);
    }
  }
  return (code) => [...(lots.get(code) ?? [])].sort();
};

/**
 * The graph of a set of happenings, in memory: the oracle of every store, and what an answer *as of* an earlier position is
 * traced on. Ledgers are folded when they are asked for, each once.
 * @param happenings in any order; voided, confirmed and aliased ones are brought to effect here.
 */
export const graphOf = (
  happenings: Iterable<Happening>,
  master: MasterData,
  options: GraphOptions = {},
): TraceGraph => {
  const { eventTimeTo, overdue } = options;
  const given = [...happenings];
  const upTo =
    eventTimeTo === undefined ? given : given.filter((h) => h.voids !== undefined || h.time.key <= eventTimeTo);
  const holding = effective(upTo);
  const resolve = aliasesOf(holding);
  const incidence = incidenceOf(
    holding.map((h) => withAliases(h, resolve)),
    master,
  );

  const ledgerOf = remembering((lot): LotLedger =>
    foldLot(lot, foldedFor(lot, incidence), master, { inputProduction: inputProduction(lot, incidence, master) }),
  );
  const legsOfUnit = unitLegs(incidence, ledgerOf);
  const transformation = remembering((key) =>
    transformationNode(key, incidence.transformations.get(key) ?? [], legsOfUnit),
  );
  const sides = indexSides(incidence, transformation);
  const find = byCode(incidence);
  const parkedOf = (id: string): readonly string[] => options.parked?.get(id) ?? [];

  const lotsNamedBy = (event: string): string[] =>
    (incidence.byEvent.get(event) ?? []).flatMap((h) => [...idsOf(h)].flatMap((id) => [id, ...everIn(id, incidence)]));
  const shipments = (ids: readonly string[]): ShipmentNode[] => {
    const acts = new Set(ids.flatMap((id) => ledgerOf(id).shipments.map((leg) => actOf(leg))));
    // What else left by the same acts, so that a shipment is the same whichever of its lots was asked for.
    const together = new Set([...ids, ...[...acts].flatMap(lotsNamedBy)]);
    const legs = [...together]
      .filter((lot) => !isPieceOfKnownLot(lot, together, incidence))
      .flatMap((lot) => ledgerOf(lot).shipments.map((leg) => ({ lot, leg })))
      .filter(({ leg }) => acts.has(actOf(leg)));
    return [...shipmentNodes(legs), ...ids.flatMap((id) => unknownShipments(id))];
  };
  const unknownShipments = (unit: string): ShipmentNode[] =>
    (incidence.naming.get(unit) ?? [])
      .filter((h) => h.verb === 'ship' && h.things.some((t) => t.id === unit && t.kind === 'unit'))
      .filter(
        (h) =>
          !everIn(unit, incidence).some((lot) =>
            ledgerOf(lot).shipments.some((leg) => leg.departure === h.id || leg.events.includes(h.id)),
          ),
      )
      .map((h) => unknownShipment(unit, h, master));

  const differing = remembering(() => confirmedDifferently(upTo.map((h) => withAliases(h, resolve))));
  const openDiscrepancies = (ids: ReadonlySet<string>): Discrepancy[] => {
    const runs = [...ids].flatMap((id) => [...(sides.input.get(id) ?? []), ...(sides.output.get(id) ?? [])]);
    const found = [
      ...[...ids].flatMap((id) => [
        ...ledgerOf(id).discrepancies,
        ...(overdue === undefined ? [] : notReceived(id, ledgerOf(id).shipments, overdue.now, overdue.isOurs)),
        ...suspectedDuplicates(incidence.naming.get(id) ?? []),
      ]),
      ...[...new Set(runs)].flatMap((key) => moreOutThanIn(incidence.transformations.get(key) ?? [], master) ?? []),
      ...differing(''),
    ];
    return [...new Map(found.filter((d) => ids.has(d.lot)).map((d) => [d.key, d])).values()].sort(
      (a, b) => compareText(a.time, b.time) || compareText(a.key, b.key),
    );
  };

  return fromHand({
    position: options.position ?? '',
    find: (code, item) => find(code).filter((id) => item === undefined || itemOf(id, incidence) === item),
    lots: (ids) =>
      [...new Set(ids.map(resolve))].flatMap((id) => {
        const parked = parkedOf(id);
        const naming = incidence.naming.get(id);
        const pool = incidence.things.get(id)?.every((t) => t.kind === 'pool') ?? false;
        if (pool || (naming === undefined && parked.length === 0)) return [];
        const node = lotNode(id, naming ?? [], ledgerOf(id), master, incidence.contentsOf.has(id));
        return [parked.length > 0 ? { ...node, parked } : node];
      }),
    consumedBy: (lots) => collect(lots, (lot) => sides.input.get(lot) ?? []).map(transformation),
    madeBy: (lots) => collect(lots, (lot) => sides.output.get(lot) ?? []).map(transformation),
    memberships: (ids) => collect(ids, (id) => incidence.membershipsOf.get(id) ?? []),
    unitsOf: (ids) => collect(ids, (id) => incidence.unitsOf.get(id) ?? []),
    contentsOf: (ids) => collect(ids, (id) => incidence.contentsOf.get(id) ?? []),
    shipments: (ids) => shipments([...new Set(ids)]),
    inferredMovements: (lots) =>
      [...new Set(lots)].flatMap((lot) =>
        ledgerOf(lot).inferredMoves.map((move) => ({
          lot,
          from: move.from,
          to: move.to,
          fromParty: move.fromParty ?? null,
          toParty: move.consignee,
          amount: amountOf(move.value, move.dimension),
          events: move.events,
        })),
      ),
    discrepancies: (ids) => openDiscrepancies(new Set(ids)),
    mentions: (mentions) => eventsMentioning(mentions, incidence),
    parties: (ids) => ids.map((id) => ({ id, name: master.party(id)?.name ?? null })),
  });
};

/** Every lot that was ever in a unit, also in units inside it. */
const everIn = (unit: string, incidence: Incidence): string[] => {
  const entered = new Set([unit]);
  const lots = new Set<string>();
  const queue = [unit];
  for (let next = queue.pop(); next !== undefined; next = queue.pop())
    for (const { content } of incidence.contentsOf.get(next) ?? []) {
      if (!incidence.contentsOf.has(content)) lots.add(content);
      else if (!entered.has(content)) {
        entered.add(content);
        queue.push(content);
      }
    }
  return [...lots];
};

const isPieceOfKnownLot = (id: string, known: ReadonlySet<string>, incidence: Incidence): boolean =>
  (incidence.membershipsOf.get(id) ?? []).some((m) => m.serial === id && known.has(m.lot));

const itemOf = (id: string, incidence: Incidence): string | undefined =>
  canonicalId(id).item ??
  incidence.things
    .get(id)
    ?.map((t) => t.item)
    .find((item) => item !== undefined);

/** Transformations by the lots that go in and come out. */
const indexSides = (
  incidence: Incidence,
  transformation: (key: string) => TransformationNode,
): { input: Map<string, string[]>; output: Map<string, string[]> } => {
  const input = new Map<string, string[]>();
  const output = new Map<string, string[]>();
  for (const [key, happenings] of incidence.transformations) {
    // Units stand for what they hold, which only the whole node tells.
    const hasUnit = happenings.some((h) => [...h.things, ...(h.outputs ?? [])].some((t) => t.kind === 'unit'));
    const node = hasUnit ? transformation(key) : undefined;
    const ins = node?.inputs.map((leg) => leg.lot) ?? happenings.flatMap((h) => h.things.map((t) => t.id));
    const outs = node?.outputs.map((leg) => leg.lot) ?? happenings.flatMap((h) => (h.outputs ?? []).map((t) => t.id));
    for (const id of new Set(ins)) addTo(input, id, key);
    for (const id of new Set(outs)) addTo(output, id, key);
  }
  return { input, output };
};

const eventsMentioning = (mentions: readonly Mention[], incidence: Incidence): string[] => {
  const found = new Map<string, string>();
  for (const { id, from, to } of mentions)
    for (const h of incidence.naming.get(id) ?? [])
      if ((from === undefined || from <= h.time.key) && (to === undefined || h.time.key <= to)) {
        const known = found.get(h.id);
        if (known === undefined || h.time.key < known) found.set(h.id, h.time.key);
      }
  return [...found].sort(([a, x], [b, y]) => compareText(x, y) || compareText(a, b)).map(([id]) => id);
};
