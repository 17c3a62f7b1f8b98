import { addTo, compareText, groupBy } from './grouping.js';
import type { Membership, TraceGraph } from './graph.js';
import type { PathStep } from './upstream-paths.js';
import { sides, walk } from './walk.js';

/** All that lies downstream of some lots, with its edges in one canonical order. */
interface Downstream {
  /** Transformations that a lot goes into. */
  into: ReadonlyMap<string, readonly string[]>;
  outputs: ReadonlyMap<string, readonly string[]>;
  /** A piece and its lot are one: each has the other. */
  members: ReadonlyMap<string, readonly string[]>;
}

const membersOf = (memberships: readonly Membership[]): Map<string, string[]> => {
  const members = new Map<string, string[]>();
  for (const { serial, lot } of memberships) {
    addTo(members, serial, lot);
    addTo(members, lot, serial);
  }
  for (const others of members.values()) others.sort(compareText);
  return members;
};

const downstreamOf = async (lots: readonly string[], graph: TraceGraph): Promise<Downstream> => {
  const reached = await walk(lots, 'forward', graph);
  const into = new Map<string, string[]>();
  const outputs = new Map<string, string[]>();
  for (const [id, { node }] of [...reached.transformations].sort(([a], [b]) => compareText(a, b))) {
    const { near, far } = sides(node, 'forward');
    outputs.set(id, [...new Set(far.flatMap((leg) => (leg.kind === 'pool' ? [] : [leg.lot])))].sort(compareText));
    for (const input of new Set(near.map((leg) => leg.lot))) addTo(into, input, id);
  }
  return { into, outputs, members: membersOf(reached.memberships) };
};

/** That a held lot comes this far, and by what. */
interface Arrival {
  /** The lot or the transformation reached. */
  at: string;
  held: string;
  /** Transformations between the two. */
  depth: number;
  /** The lot before; the transformation between, where it is not a piece and its lot. */
  from?: Arrival;
  transformation?: string;
}

/** The held lot whose hold upstream makes `at` suspect: the fewest transformations away, of several the first by id. */
export type Suspect = Arrival;

/** A lot asks for the nearest held lot that is not itself, so two are enough, of lots and transformations alike. */
const NEAREST = 2;

const inOrder = (a: Arrival, b: Arrival): number => compareText(a.held, b.held) || compareText(a.at, b.at);

/** The nearest held lots of everything downstream, at most two a lot, nearest first: level by level, so loops end. */
const nearestHeld = (held: readonly string[], { into, outputs, members }: Downstream): Map<string, Arrival[]> => {
  const lots = new Map<string, Arrival[]>();
  const runs = new Map<string, Arrival[]>();
  const arrive = (arrivals: Map<string, Arrival[]>, arrival: Arrival): boolean => {
    const before = arrivals.get(arrival.at) ?? [];
    if (before.length >= NEAREST || before.some((known) => known.held === arrival.held)) return false;
    addTo(arrivals, arrival.at, arrival);
    return true;
  };
  let level: Arrival[] = [...held].sort(compareText).map((lot) => ({ at: lot, held: lot, depth: 0 }));
  for (let depth = 0; level.length > 0; depth++) {
    const reached: Arrival[] = [];
    for (const queue of groupBy(level.sort(inOrder), (arrival) => arrival.held).values())
      // Grows while it is read: pieces and their lots are reached at no depth, before the next held lot has its turn.
      for (const arrival of queue) {
        if (!arrive(lots, arrival)) continue;
        reached.push(arrival);
        for (const other of members.get(arrival.at) ?? [])
          queue.push({ at: other, held: arrival.held, depth, from: arrival });
      }
    level = [];
    for (const from of reached.sort(inOrder))
      for (const run of into.get(from.at) ?? []) {
        if (!arrive(runs, { at: run, held: from.held, depth })) continue;
        for (const output of outputs.get(run) ?? [])
          level.push({ at: output, held: from.held, depth: depth + 1, from, transformation: run });
      }
  }
  return lots;
};

/** From the held lot to this one; each step names the transformation that took it on to the next. */
export const pathTo = (suspect: Suspect): PathStep[] => {
  const back: PathStep[] = [{ lot: suspect.at }];
  for (let { from, transformation } = suspect; from !== undefined; { from, transformation } = from)
    back.push({ lot: from.at, ...(transformation !== undefined && { transformation }) });
  return back.reverse();
};

const suspectsIn = (held: readonly string[], downstream: Downstream): Suspect[] =>
  [...nearestHeld(held, downstream)]
    .flatMap(([lot, arrivals]) => arrivals.find((arrival) => arrival.held !== lot) ?? [])
    .sort((a, b) => compareText(a.at, b.at));

/**
 * What several holds make suspect: everything downstream of a lot they hold, that lot itself left out. A lot that is held is
 * suspect too where another lot upstream is. Nothing but the graph and the holds decides, so what a lifted hold or a voided
 * transformation caused is gone with it.
 * @param holds by any key, the lots each holds (canonical ids).
 * @returns by the same key, in order of lot; `pathTo` tells of one how it got there. One walk serves all holds.
 */
export const suspectsOf = async <Key>(
  holds: ReadonlyMap<Key, readonly string[]>,
  graph: TraceGraph,
): Promise<Map<Key, Suspect[]>> => {
  const downstream = await downstreamOf([...new Set([...holds.values()].flat())].sort(compareText), graph);
  return new Map([...holds].map(([key, lots]) => [key, suspectsIn([...new Set(lots)], downstream)]));
};

/** Ids of all lots that any of the held lots makes suspect. */
export const suspectIds = async (held: readonly string[], graph: TraceGraph): Promise<Set<string>> => {
  const lots = [...new Set(held)];
  if (lots.length === 0) return new Set();
  return new Set(suspectsIn(lots, await downstreamOf(lots, graph)).map((arrival) => arrival.at));
};
