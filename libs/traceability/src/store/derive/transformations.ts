import type { Happening, MasterData, Thing } from '../../happening.js';
import { type Leg, type TransformationNode, transformationKey } from '../../trace/index.js';
import { byTime, uniqueSorted } from './order.js';

const leg = (h: Happening, thing: Thing): Leg => {
  const place = h.bizLocation ?? h.readPoint;
  return {
    lot: thing.id,
    kind: thing.kind,
    ...(thing.amount !== undefined && { amount: thing.amount }),
    at: h.time.key,
    ...(place !== undefined && { place }),
  };
};

/**
 * Events that share a transformation key as one transformation each (design section 6), in order of their keys.
 * @param happenings effective ones of verb `transform`; others are left out.
 */
export const transformationNodes = (happenings: readonly Happening[], master: MasterData): TransformationNode[] => {
  const groups = new Map<string, Happening[]>();
  for (const h of happenings.filter((each) => each.verb === 'transform').sort(byTime)) {
    const key = transformationKey(h, master);
    groups.set(key, [...(groups.get(key) ?? []), h]);
  }
  return uniqueSorted(groups.keys()).map((id) => {
    const group = groups.get(id) as [Happening, ...Happening[]];
    const [first] = group;
    return {
      id,
      kind: group.map((h) => h.transformationKind).find((kind) => kind !== undefined) ?? 'transformation',
      eventTime: first.time.text,
      place: first.bizLocation ?? first.readPoint ?? null,
      inputs: group.flatMap((h) => h.things.map((thing) => leg(h, thing))),
      outputs: group.flatMap((h) => (h.outputs ?? []).map((thing) => leg(h, thing))),
      events: [...new Set(group.map((h) => h.id))],
    };
  });
};
