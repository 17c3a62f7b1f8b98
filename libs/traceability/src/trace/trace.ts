import { notFound } from '#kernel';
import type { Cut, Reached, ReachedUnit, Trace, TracedLot, TracedTransformation, TraceRequest } from './answer.js';
import { contentsOf, unitsHolding } from './containment.js';
import { exposureOf, wholeOf } from './exposed-amount.js';
import { sharesOf, type Share } from './exposure.js';
import type { Leg, LotNode, Mention, TraceDiscrepancy, TraceGraph, TransformationNode } from './graph.js';
import { addTo, compareText } from './grouping.js';
import { consigneesOf, shipmentsOf, stockOf, totalsOf } from './outward.js';
import { believingClocks, type TimedWalk } from './respect-time.js';
import { suppliersOf } from './suppliers.js';
import { toldDiscrepancy, toldUnit } from './told-time.js';
import { walk, type Direction, type Walk } from './walk.js';

/** One direction, walked and loaded. */
interface Side {
  starts: readonly string[];
  walk: Walk | TimedWalk;
  lots: Map<string, LotNode>;
  units: ReachedUnit[];
  cuts: Cut[];
}

type Options = Pick<TraceRequest, 'depth' | 'limit' | 'respectTime'>;

const GRAVITY: readonly Cut['reason'][] = ['limit', 'depth', 'parked', 'lot-not-stated'];

/** A lot that is named but of which nothing is recorded besides. */
const bare = (id: string): LotNode => ({
  id,
  kind: 'lot',
  item: null,
  lotCode: null,
  dates: {},
  status: 'unknown',
  made: [],
  received: [],
  onHand: [],
});

const sideOf = async (
  starts: readonly string[],
  direction: Direction,
  graph: TraceGraph,
  options: Options,
): Promise<Side> => {
  const walked = await walk(starts, direction, graph, options);
  const believed = options.respectTime === true ? believingClocks(starts, walked, direction) : walked;
  const ids = [...believed.depths.keys()];
  const units = await unitsHolding(believed.depths, graph);
  const nodes = new Map((await graph.lots([...ids, ...units.map((u) => u.id)])).map((lot) => [lot.id, lot]));
  const parked = [...new Set([...nodes.values()].flatMap((lot) => lot.parked ?? []))].sort();
  return {
    starts,
    walk: believed,
    lots: new Map(ids.map((id) => [id, nodes.get(id) ?? bare(id)])),
    units,
    cuts: [...believed.cuts, ...(parked.length > 0 ? [{ reason: 'parked' as const, at: parked }] : [])],
  };
};

// Written out member by member: rest and spread of 50,000 objects would be most of the time of a large answer.
const tracedLot = (lot: LotNode, depth: number, share?: Share): TracedLot => {
  const shown: TracedLot = {
    id: lot.id,
    kind: lot.kind,
    item: lot.item,
    lotCode: lot.lotCode,
    depth,
    made: lot.made,
    received: lot.received,
    onHand: lot.onHand,
    dates: lot.dates,
    status: lot.status,
  };
  if (lot.supplierLot !== undefined) shown.supplierLot = lot.supplierLot;
  if (lot.scrapped !== undefined) shown.scrapped = lot.scrapped;
  if (share !== undefined) shown.exposure = exposureOf(wholeOf(lot), share);
  return shown;
};

const tracedLeg = ({ lot, amount }: Leg): TracedTransformation['inputs'][number] => ({ lot, amount: amount ?? null });

const tracedTransformation = (t: TransformationNode): TracedTransformation => ({
  id: t.id,
  kind: t.kind,
  eventTime: t.eventTime,
  place: t.place,
  inputs: t.inputs.map(tracedLeg),
  outputs: t.outputs.map(tracedLeg),
  events: t.events,
});

const firstAt = ({ inputs, outputs }: TransformationNode): string => {
  let first: string | undefined;
  for (const legs of [inputs, outputs]) for (const { at } of legs) if (first === undefined || at < first) first = at;
  return first ?? '';
};

/** @param start left out of the list where the answer has it apart. */
const reachedOf = (side: Side, start: string, shares?: ReadonlyMap<string, Share>): Reached => ({
  lots: [...side.walk.depths]
    .filter(([id]) => id !== start)
    .map(([id, depth]) => tracedLot(side.lots.get(id) ?? bare(id), depth, shares?.get(id)))
    .sort((a, b) => a.depth - b.depth || compareText(a.id, b.id)),
  transformations: [...side.walk.transformations.values()]
    .map(({ node }) => ({ at: firstAt(node), node }))
    .sort((a, b) => compareText(a.at, b.at) || compareText(a.node.id, b.node.id))
    .map(({ node }) => tracedTransformation(node)),
  units: side.units.filter((unit) => unit.id !== start).map(toldUnit),
  pools: side.walk.pools,
  ...('removedLots' in side.walk && {
    removed: { lots: side.walk.removedLots, transformations: side.walk.removedTransformations },
  }),
});

const lotsBySerial = (side: Side): Map<string, string[]> => {
  const lots = new Map<string, string[]>();
  for (const { serial, lot } of side.walk.memberships) addTo(lots, serial, lot);
  return lots;
};

/** Outputs without quantity share their lot's amount with whatever else filled it, which only the graph tells. */
const filledElsewhere = async (side: Side, graph: TraceGraph): Promise<Set<string>> => {
  const unmeasured = new Set<string>();
  for (const { node } of side.walk.transformations.values())
    for (const { lot, kind, amount } of node.outputs)
      if (amount === undefined && kind !== 'pool' && side.lots.has(lot)) unmeasured.add(lot);
  if (unmeasured.size === 0) return unmeasured;
  const others = (await graph.madeBy([...unmeasured])).filter((t) => !side.walk.transformations.has(t.id));
  return new Set(others.flatMap((t) => t.outputs.map((output) => output.lot)));
};

const forwardOf = async (side: Side, start: string, graph: TraceGraph): Promise<NonNullable<Trace['forward']>> => {
  const timed = 'follows' in side.walk ? side.walk : undefined;
  const shares = sharesOf({
    suspects: new Set(side.starts),
    lots: side.lots,
    transformations: [...side.walk.transformations.values()].map((t) => t.node),
    memberships: side.walk.memberships,
    filledElsewhere: await filledElsewhere(side, graph),
    ...(timed !== undefined && { follows: (t, at, leg) => timed.follows(t, at, leg.lot, leg.at) }),
  });
  const held = new Map(side.units.map((unit) => [unit.id, unit.held]));
  const ids = [...side.lots.keys()];
  const nodes = await graph.shipments([...new Set([...ids, ...held.keys(), start])]);
  const lotsOf = lotsBySerial(side);
  const shipments = shipmentsOf(nodes, {
    shares,
    lotsOf,
    // A shipped unit whose contents nobody recorded concerns us while it held something of ours.
    concerns: ({ lot }, { shippedAt, receivedAt }) => {
      if (side.lots.has(lot) || lot === start) return true;
      const at = (shippedAt ?? receivedAt ?? '').replace(/Z$/, '');
      return (held.get(lot) ?? []).some(({ from, to }) => from <= at && (to === undefined || at <= to));
    },
  });
  const inferred = (await graph.inferredMovements(ids)).filter((m) => side.lots.has(m.lot));
  const senders = new Map(nodes.map((node) => [node.id, node.sender]));
  const reached = [...side.lots.values()];
  const consignees = consigneesOf(shipments, senders, inferred, shares);
  const stock = stockOf(reached, lotsOf).sort(
    (a, b) => compareText(a.lot, b.lot) || compareText(a.place ?? '', b.place ?? ''),
  );
  return {
    ...reachedOf(side, start, shares),
    shipments,
    consignees,
    stock,
    totals: totalsOf(reached, lotsOf, stock, consignees),
  };
};

const backOf = async (
  side: Side,
  start: string,
  ours: readonly string[],
  graph: TraceGraph,
): Promise<NonNullable<Trace['back']>> => {
  const ids = [...side.lots.keys()];
  const made = new Set(
    [...side.walk.transformations.values()].flatMap(({ node }) => node.outputs.map((output) => output.lot)),
  );
  const madeStarts = new Set([...side.walk.depths].flatMap(([id, depth]) => (depth === 0 && made.has(id) ? [id] : [])));
  return {
    ...reachedOf(side, start),
    suppliers: await suppliersOf(
      [...side.lots.values()],
      madeStarts,
      await graph.shipments(ids),
      await graph.inferredMovements(ids),
      new Set(ours),
      graph,
    ),
  };
};

/** Whom the answer reached, for asking what mentions them. */
const mentionsOf = (sides: readonly Side[], start: string): Mention[] => {
  const mentions = new Map<string, Mention>([[start, { id: start }]]);
  for (const side of sides) {
    for (const id of side.walk.depths.keys()) mentions.set(id, { id });
    for (const unit of side.units)
      for (const { from, to } of unit.held)
        mentions.set(`${unit.id} ${from} ${to ?? ''}`, { id: unit.id, from, ...(to !== undefined && { to }) });
  }
  return [...mentions.values()];
};

const discrepanciesOf = async (
  sides: readonly Side[],
  asked: readonly string[],
  graph: TraceGraph,
): Promise<TraceDiscrepancy[]> => {
  const ids = new Set(asked);
  for (const side of sides) {
    for (const id of side.walk.depths.keys()) ids.add(id);
    for (const unit of side.units) ids.add(unit.id);
    for (const pool of side.walk.pools) ids.add(pool.item);
  }
  return (await graph.discrepancies([...ids])).map(toldDiscrepancy);
};

const cutsOf = (sides: readonly Side[]): Cut[] =>
  GRAVITY.flatMap((reason) => {
    const at = new Set(sides.flatMap((side) => side.cuts.flatMap((cut) => (cut.reason === reason ? cut.at : []))));
    return at.size === 0 ? [] : [{ reason, at: [...at].sort() }];
  });

/** What one lot, or all that a unit ever held, leads to or comes from. */
const startsOf = async (start: LotNode, graph: TraceGraph): Promise<string[]> => {
  const contents = await contentsOf(start.id, graph);
  return start.kind === 'unit' || contents.length > 0 ? contents : [start.id];
};

/**
 * Traces a lot, serial or unit, one or both directions in one call (docs/trace.md).
 * Suspects of the exposure are the lot itself, or all that the unit ever held; going forward, the lot has its own too.
 * @throws LotlineError `not-found` / `lot-unknown` where no event names it.
 */
export const trace = async (request: TraceRequest, graph: TraceGraph): Promise<Trace> => {
  const [start] = await graph.lots([request.lot]);
  if (start === undefined) throw notFound('lot-unknown', `no event names ${request.lot}`);
  const found = await startsOf(start, graph);
  // A unit of which nobody recorded the contents is traced as itself.
  const starts = found.length > 0 ? found : [start.id];
  const back = request.direction === 'forward' ? undefined : await sideOf(starts, 'back', graph, request);
  const forward = request.direction === 'back' ? undefined : await sideOf(starts, 'forward', graph, request);
  const sides = [back, forward].filter((side) => side !== undefined);
  const cuts = cutsOf(sides);
  const [cut] = cuts;
  const isSuspect = forward !== undefined && starts.includes(start.id);
  return {
    lot: tracedLot(start, 0, isSuspect ? { share: 1 } : undefined),
    position: graph.position,
    complete: cuts.length === 0,
    cut: cut ?? null,
    ...(cuts.length > 1 && { cuts }),
    ...(back !== undefined && { back: await backOf(back, start.id, request.ours ?? [], graph) }),
    ...(forward !== undefined && { forward: await forwardOf(forward, start.id, graph) }),
    discrepancies: await discrepanciesOf(sides, [start.id], graph),
    ...(request.includeEvents === true && { events: await graph.mentions(mentionsOf(sides, start.id)) }),
  };
};

/** What a set of suspects leads to: the scope of a recall. Suspects are listed at depth 0. */
export interface Scope extends NonNullable<Trace['forward']> {
  position: string;
  complete: boolean;
  cut: Cut | null;
  cuts?: readonly Cut[];
  /** Suspects that no event names. */
  unknown: readonly string[];
  discrepancies: readonly TraceDiscrepancy[];
}

/**
 * Traces several suspects forward as one question; exposure is to all of them together.
 * @param suspects canonical ids of lots, serials or units.
 */
export const scopeOf = async (
  suspects: readonly string[],
  graph: TraceGraph,
  options: Options = {},
): Promise<Scope> => {
  const nodes = await graph.lots(suspects);
  const known = new Set(nodes.map((node) => node.id));
  const starts = new Set<string>();
  for (const node of nodes) for (const id of await startsOf(node, graph)) starts.add(id);
  const side = await sideOf([...starts].sort(), 'forward', graph, options);
  const cuts = cutsOf([side]);
  const [cut] = cuts;
  return {
    ...(await forwardOf(side, '', graph)),
    position: graph.position,
    complete: cuts.length === 0,
    cut: cut ?? null,
    ...(cuts.length > 1 && { cuts }),
    unknown: suspects.filter((id) => !known.has(id)),
    discrepancies: await discrepanciesOf([side], suspects, graph),
  };
};
