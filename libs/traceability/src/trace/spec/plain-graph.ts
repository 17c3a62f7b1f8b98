import { fromHand } from '../graph-at-hand.js';
import type { Leg, LotNode, Membership, Stay, TraceGraph, TransformationNode } from '../graph.js';

export interface PlainGraph {
  transformations: readonly TransformationNode[];
  memberships?: readonly Membership[];
  stays?: readonly Stay[];
  /** Amounts that were received, beyond what transformations made. */
  received?: Readonly<Record<string, LotNode['received']>>;
  units?: readonly string[];
  serials?: readonly string[];
  parked?: Readonly<Record<string, readonly string[]>>;
}

export const leg = (lot: string, value?: number | string, more: Partial<Leg> = {}): Leg => ({
  lot,
  kind: 'lot',
  ...(value !== undefined && { amount: { value: String(value), unit: 'KGM' } }),
  at: '2026-01-01T00:00:00',
  ...more,
});

export const transformation = (id: string, inputs: readonly Leg[], outputs: readonly Leg[]): TransformationNode => ({
  id,
  kind: 'production',
  eventTime: '2026-01-01T00:00:00Z',
  place: null,
  inputs,
  outputs,
  events: [id],
});

/** A graph given as plain rows: what the walks and the exposure see, without a ledger behind it. */
export const plainGraph = (plain: PlainGraph): TraceGraph => {
  const made = new Map<string, { value: string; unit: string }[]>();
  const ids = new Set<string>([...(plain.units ?? []), ...Object.keys(plain.received ?? {})]);
  const by = { inputs: new Map<string, TransformationNode[]>(), outputs: new Map<string, TransformationNode[]>() };
  for (const t of plain.transformations)
    for (const side of ['inputs', 'outputs'] as const) {
      const seen = new Set<string>();
      for (const l of t[side]) {
        if (l.kind !== 'pool') ids.add(l.lot);
        if (side === 'outputs' && l.amount) made.set(l.lot, [...(made.get(l.lot) ?? []), l.amount]);
        if (seen.has(l.lot)) continue;
        seen.add(l.lot);
        by[side].set(l.lot, [...(by[side].get(l.lot) ?? []), t]);
      }
    }
  for (const m of plain.memberships ?? []) ids.add(m.serial).add(m.lot);
  for (const s of plain.stays ?? []) ids.add(s.unit).add(s.content);
  const pick = <T>(asked: readonly string[], of: (id: string) => readonly T[]): T[] => [...new Set(asked.flatMap(of))];
  const memberships = plain.memberships ?? [];
  const stays = plain.stays ?? [];
  const unitIds = new Set([...(plain.units ?? []), ...stays.map((s) => s.unit)]);
  const serialIds = new Set([...(plain.serials ?? []), ...memberships.map((m) => m.serial)]);
  return fromHand({
    position: '',
    find: () => [],
    lots: (asked) =>
      [...new Set(asked)]
        .filter((id) => ids.has(id))
        .map((id) => ({
          id,
          kind: unitIds.has(id) ? ('unit' as const) : serialIds.has(id) ? ('serial' as const) : ('lot' as const),
          item: null,
          lotCode: null,
          dates: {},
          status: 'available',
          made: made.get(id) ?? [],
          received: plain.received?.[id] ?? [],
          onHand: [],
          ...(plain.parked?.[id] && { parked: plain.parked[id] }),
        })),
    consumedBy: (asked) => pick(asked, (id) => by.inputs.get(id) ?? []),
    madeBy: (asked) => pick(asked, (id) => by.outputs.get(id) ?? []),
    memberships: (asked) => {
      const wanted = new Set(asked);
      return memberships.filter((m) => wanted.has(m.serial) || wanted.has(m.lot));
    },
    unitsOf: (asked) => {
      const wanted = new Set(asked);
      return stays.filter((s) => wanted.has(s.content));
    },
    contentsOf: (asked) => {
      const wanted = new Set(asked);
      return stays.filter((s) => wanted.has(s.unit));
    },
    shipments: () => [],
    inferredMovements: () => [],
    discrepancies: () => [],
    mentions: (mentions) => mentions.map((m) => `${m.id} ${m.from ?? ''}..${m.to ?? ''}`),
    parties: (asked) => asked.map((id) => ({ id, name: null })),
  });
};
