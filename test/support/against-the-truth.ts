import { isDeepStrictEqual } from 'node:util';
import { familiesOf, type InjectedError, randomOf, reachOf, type Sent, type Simulation } from '#simulator';
import { scopeOf, toldDiscrepancy, type TraceGraph } from '#traceability';
import { readInMemory, traced } from './reading-in-memory.js';
import {
  toldConsignees,
  toldFamily,
  toldShares,
  toldStock,
  trueConsignees,
  trueExpiry,
  trueFamily,
  trueShares,
  trueStockOf,
} from './simulated-plant.js';

const SUSPECTS = 8;
/** A comparison of fewer lots proves little. */
const LEAST_SOUND = 0.1;

interface Difference {
  of: string;
  what: string;
  told: unknown;
  wanted: unknown;
}

/** How far errors reach: lots of which the record says something untrue, lots beside them in a run, lots that they are in. */
interface Spoiled {
  named: Set<number>;
  near: Set<number>;
  far: Set<number>;
}

export const spoiledBy = (
  { truth }: Simulation,
  errors: readonly InjectedError[],
  families = familiesOf(truth),
): Spoiled => {
  const numbers = new Map(Array.from({ length: truth.lots.count }, (_, lot) => [truth.lots.idOf(lot), lot]));
  const named = new Set(errors.flatMap(({ reaches }) => reaches.flatMap((id) => numbers.get(id) ?? [])));
  const near = new Set(named);
  for (const lot of named) {
    const family = families.get(lot);
    for (const other of [...(family?.parents.keys() ?? []), ...(family?.children.keys() ?? [])]) near.add(other);
  }
  return { named, near, far: reachOf(truth, named) };
};

/**
 * What the product's ledger and trace say otherwise than the truth: stock, dates, parents and children, shares and consignees
 * of some suspects, and discrepancies where there is nothing to explain.
 * @param errors what they reach is left out: of a lot named by one all, beside it family and discrepancies, behind it shares.
 */
export const unlikeTheTruth = async (
  simulation: Simulation,
  events: readonly Sent[],
  errors: readonly InjectedError[] = [],
): Promise<Difference[]> => {
  const { truth, world } = simulation;
  const graph = readInMemory(world, events);
  const families = familiesOf(truth);
  const { named, near, far } = spoiledBy(simulation, errors, families);
  const lots = Array.from({ length: truth.lots.count }, (_, lot) => lot);
  const sound = lots.filter((lot) => !near.has(lot));
  if (sound.length < lots.length * LEAST_SOUND) throw new Error(`only ${sound.length} lots left to compare`);
  const found: Difference[] = [];
  const compare = (of: string, what: string, told: unknown, wanted: unknown): void => {
    if (!isDeepStrictEqual(told, wanted)) found.push({ of, what, told, wanted });
  };
  for (const lot of lots.filter((each) => !named.has(each))) {
    const id = truth.lots.idOf(lot);
    const [node] = await graph.lots([id]);
    compare(id, 'stock', toldStock((node?.onHand ?? []).map((row) => ({ lot: id, ...row }))), trueStockOf(truth, lot));
    compare(id, 'expiry', node?.dates.expiry, trueExpiry(truth, lot));
  }
  for (const lot of sound) {
    const id = truth.lots.idOf(lot);
    compare(id, 'family', toldFamily(await traced(graph, id, 1)), trueFamily(truth, families, lot));
    compare(
      id,
      'discrepancies',
      (await graph.discrepancies([id])).map((d) => toldDiscrepancy(d).explanation),
      [],
    );
  }
  const suspects = randomOf(world.seed, 'suspects')
    .shuffled(sound.filter((lot) => truth.lots.get(lot).supplier !== undefined))
    .slice(0, SUSPECTS);
  for (const suspect of [...suspects.map((lot) => [lot]), suspects])
    if (![...reachOf(truth, suspect)].some((lot) => far.has(lot)))
      await compareScope(simulation, graph, suspect, compare);
  return found;
};

const compareScope = async (
  { truth }: Simulation,
  graph: TraceGraph,
  suspects: readonly number[],
  compare: (of: string, what: string, told: unknown, wanted: unknown) => void,
): Promise<void> => {
  const ids = suspects.map((lot) => truth.lots.idOf(lot));
  const scope = await scopeOf(ids, graph);
  compare(ids.join(), 'shares', toldShares(scope.lots), trueShares(truth, suspects));
  compare(ids.join(), 'consignees', toldConsignees(scope.consignees), trueConsignees(truth, reachOf(truth, suspects)));
};

/** Errors that can be seen and are not, by the kinds of the open discrepancies of each lot. */
export const missedOf = async (
  errors: readonly InjectedError[],
  openOf: (lot: string) => readonly string[] | Promise<readonly string[]>,
): Promise<object[]> => {
  const missed: object[] = [];
  for (const error of errors)
    for (const { lot, kinds } of error.shows) {
      const open = await openOf(lot);
      if (!open.some((kind) => kinds.includes(kind))) missed.push({ ...error, missing: lot, open });
    }
  return missed;
};

export const errorsMissed = (
  { world }: Simulation,
  events: readonly Sent[],
  errors: readonly InjectedError[],
): Promise<object[]> => {
  const graph = readInMemory(world, events);
  return missedOf(errors, async (lot) => (await graph.discrepancies([lot])).map(({ kind }) => kind));
};
