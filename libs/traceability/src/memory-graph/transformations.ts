import type { Happening, Thing } from '../happening.js';
import { inLedgerOrder } from '../ledger/order.js';
import type { Leg, TransformationNode } from '../trace/graph.js';

/** What stands for a unit that a transformation names: its contents then; [] where nothing tells. */
export type UnitLegs = (unit: string, happening: Happening, side: 'input' | 'output') => readonly Leg[];

const legsOf = (things: readonly Thing[], side: 'input' | 'output', h: Happening, unitLegs: UnitLegs): Leg[] => {
  const place = side === 'input' ? (h.readPoint ?? h.bizLocation) : (h.bizLocation ?? h.readPoint);
  const leg = (thing: Thing): Leg => ({
    lot: thing.id,
    kind: thing.kind,
    ...(thing.amount !== undefined && { amount: thing.amount }),
    at: h.time.key,
    ...(place !== undefined && { place }),
  });
  return things.flatMap((thing) => {
    if (thing.kind !== 'unit') return [leg(thing)];
    const contents = unitLegs(thing.id, h, side);
    return contents.length > 0 ? contents : [leg(thing)];
  });
};

const stated = (kind: string | undefined): string => kind ?? 'production';

/**
 * The one transformation that some events are together.
 * @param happenings effective ones of verb `transform` that share a key, at least one.
 */
export const transformationNode = (
  id: string,
  happenings: readonly Happening[],
  unitLegs: UnitLegs,
): TransformationNode => {
  const ordered = [...happenings].sort(inLedgerOrder);
  const [first] = ordered;
  return {
    id,
    kind: stated(ordered.find((h) => h.transformationKind !== undefined)?.transformationKind),
    eventTime: first?.time.text ?? '',
    place: ordered.map((h) => h.bizLocation ?? h.readPoint).find((p) => p !== undefined) ?? null,
    inputs: ordered.flatMap((h) => legsOf(h.things, 'input', h, unitLegs)),
    outputs: ordered.flatMap((h) => legsOf(h.outputs ?? [], 'output', h, unitLegs)),
    events: [...new Set(ordered.map((h) => h.id))],
  };
};
