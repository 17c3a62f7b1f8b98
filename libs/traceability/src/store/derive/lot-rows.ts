import { decimalText } from '#kernel';
import type { Happening } from '../../happening.js';
import type { Account, LotLedger } from '../../ledger/index.js';
import type { LotNode } from '../../trace/index.js';
import { uniqueSorted } from './order.js';

/** A hold on the lot itself that is not lifted. */
export interface StandingHold {
  holdId: string;
  reason: string;
  /** Whose it is, where its event said so. */
  owner?: string;
}

/** Row of `lots`: the node of the graph, and what it is searched by. */
export interface LotRow {
  id: string;
  kind: LotNode['kind'] | 'pool';
  item: string | null;
  lot_code: string | null;
  supplier_lot: string | null;
  /** All of them: one lot of ours may be received from several of a supplier's. */
  supplier_lots: readonly string[];
  status: string;
  /** Without dates and marks, which change without a fold of this lot. */
  node: Omit<LotNode, 'dates'>;
  holds: StandingHold[];
  origins: readonly string[];
  acts: readonly string[];
  first_time: string | null;
  last_time: string | null;
}

/** Holds that are not lifted, in order of time. */
const holdsOf = (naming: readonly Happening[]): LotRow['holds'] => {
  const holds = new Map<string, StandingHold>();
  for (const { verb, hold } of naming) {
    if (hold === undefined) continue;
    if (verb === 'hold') holds.set(hold.holdId, hold);
    else holds.delete(hold.holdId);
  }
  return [...holds.values()];
};

/** References of the acts that the facts are, or confirm: what was commanded under them has happened. */
const actsOf = (standing: readonly Happening[]): string[] =>
  uniqueSorted(
    standing.flatMap((h) => [...(h.act === undefined ? [] : [h.act]), ...(h.alsoKnownAs ?? []), ...(h.confirms ?? [])]),
  );

const STILL: ReadonlySet<Happening['verb']> = new Set(['hold', 'lift', 'dates', 'note']);

/**
 * @param naming effective happenings that name it, in ledger order.
 * @param standing all that name it, also commands that facts confirm.
 */
export const lotRow = (
  node: LotNode,
  pool: boolean,
  naming: readonly Happening[],
  standing: readonly Happening[],
): LotRow => {
  const { dates: _, ...rest } = node;
  const moving = naming.filter((h) => !STILL.has(h.verb));
  return {
    id: node.id,
    kind: pool ? 'pool' : node.kind,
    item: node.item,
    lot_code: node.lotCode,
    supplier_lot: node.supplierLot ?? null,
    supplier_lots: node.supplierLots ?? (node.supplierLot === undefined ? [] : [node.supplierLot]),
    status: node.status,
    node: rest,
    holds: holdsOf(naming),
    origins: node.origins ?? [],
    acts: actsOf(standing),
    first_time: moving.at(0)?.time.key ?? null,
    last_time: moving.at(-1)?.time.key ?? null,
  };
};

const placeOf = (account: Account): string | null =>
  account.kind === 'place' ? account.place : account.kind === 'shipped' ? account.to : null;
const unitOf = (account: Account): string | null => ('unit' in account ? (account.unit ?? null) : null);

export const entryRows = (ledger: LotLedger): object[] =>
  ledger.entries.map((entry) => ({
    seq: entry.seq,
    time: entry.time,
    from_kind: entry.from.kind,
    from_place: placeOf(entry.from),
    from_unit: unitOf(entry.from),
    to_kind: entry.to.kind,
    to_place: placeOf(entry.to),
    to_unit: unitOf(entry.to),
    value: decimalText(entry.value),
    dimension: entry.dimension,
    events: entry.events,
    flag: entry.flag ?? null,
  }));

export const balanceRows = (ledger: LotLedger): object[] =>
  ledger.balances.map((b) => ({
    place: b.place,
    unit: b.unit ?? null,
    party: b.party ?? null,
    dimension: b.dimension,
    value: decimalText(b.value),
    received: decimalText(b.received),
  }));

export const accountRows = (ledger: LotLedger): object[] =>
  ledger.accounts.map(({ account, dimension, value }) => ({
    kind: account.kind,
    place: placeOf(account),
    unit: unitOf(account),
    dimension,
    value: decimalText(value),
  }));

/** Row of `shipment_legs`: what one departure (or receiving without departure) moved of a lot. */
export interface ShipmentRow {
  lot: string;
  /** Id of the event whose legs make shipments: the departure, else the arrival. */
  act: string;
  id: string;
  departure: string | null;
  departure_recorded: boolean;
  arrivals: { event: string; time: string; place: string | null; value: string; how: string }[];
  from_place: string | null;
  from_party: string | null;
  to_place: string | null;
  consignee: string | null;
  dimension: string;
  value: string;
  unit: string | null;
  shipped_at: string | null;
  received_at: string | null;
  due: string | null;
  outstanding: string;
  contents_learnt_later: boolean;
  events: string[];
}

export const shipmentRows = (lot: string, ledger: LotLedger): ShipmentRow[] =>
  ledger.shipments.map((s) => ({
    lot,
    act: s.departure ?? s.arrivals[0]?.event ?? s.id,
    id: s.id,
    departure: s.departure,
    departure_recorded: s.departureRecorded,
    arrivals: s.arrivals.map((a) => ({ ...a, value: decimalText(a.value) })),
    from_place: s.from,
    from_party: s.fromParty ?? null,
    to_place: s.to,
    consignee: s.consignee ?? null,
    dimension: s.dimension,
    value: decimalText(s.value),
    unit: s.unit ?? null,
    shipped_at: s.shippedAt ?? null,
    received_at: s.receivedAt ?? null,
    due: s.due ?? null,
    outstanding: decimalText(s.outstanding),
    contents_learnt_later: s.contentsLearntLater,
    events: s.events,
  }));

/** Row of `inferred_moves`. */
export interface MoveRow {
  lot: string;
  from_place: string | null;
  from_party: string | null;
  to_place: string | null;
  consignee: string | null;
  dimension: string;
  value: string;
  unit: string | null;
  time: string;
  events: string[];
  cause: string;
}

export const moveRows = (lot: string, ledger: LotLedger): MoveRow[] =>
  ledger.inferredMoves.map((m) => ({
    lot,
    from_place: m.from,
    from_party: m.fromParty ?? null,
    to_place: m.to,
    consignee: m.consignee,
    dimension: m.dimension,
    value: decimalText(m.value),
    unit: m.unit ?? null,
    time: m.time,
    events: m.events,
    cause: m.cause,
  }));

/** Row of `flows`: what one event took of a lot for a transformation, or made of it. */
export interface FlowRow {
  lot: string;
  side: 'input' | 'output';
  event: string;
  dimension: string;
  value: string;
}

export const flowRows = (lot: string, ledger: LotLedger): FlowRow[] => [
  ...ledger.consumptions.map((c) => ({ ...flow(c), lot, side: 'input' as const })),
  ...ledger.sources
    .filter((s) => s.transformation !== undefined)
    .map((s) => ({ ...flow(s), lot, side: 'output' as const })),
];

const flow = ({ event, dimension, value }: LotLedger['consumptions'][number] | LotLedger['sources'][number]) => ({
  event,
  dimension,
  value: decimalText(value),
});
