import { type Amount, amountOf, type Decimal, decimalText, ZERO } from '#kernel';
import type { Happening, LotDates, MasterData } from '../../happening.js';
import type { Account, AccountBalance, LotLedger } from '../../ledger/index.js';
import { uniqueSorted } from './order.js';
import type { LotState } from './lot-state.js';

/** Row of `lots`. Amounts are in base units, one a dimension. */
export interface LotRow {
  id: string;
  kind: LotState['kind'];
  item: string | null;
  lot_code: string | null;
  supplier_lot: string | null;
  status: string;
  holds: LotState['holds'];
  stated: LotDates;
  made: readonly Amount[];
  received: readonly Amount[];
  scrapped: readonly Amount[];
  on_hand: readonly { place: string; amount: Amount }[];
  origins: readonly string[];
  places: readonly string[];
  acts: readonly string[];
  first_time: string | null;
  last_time: string | null;
}

const partyOf = (place: string | null | undefined, master: MasterData): string | undefined =>
  place === null || place === undefined ? undefined : master.place(place)?.party;

/** Base-unit amounts a dimension, in order of dimension; nothing of a dimension is no row. */
const totals = (parts: readonly { dimension: string; value: Decimal }[]): Amount[] => {
  const sums = new Map<string, Decimal>();
  for (const { dimension, value } of parts) sums.set(dimension, (sums.get(dimension) ?? ZERO).plus(value));
  return uniqueSorted(sums.keys())
    .map((dimension) => [dimension, sums.get(dimension) ?? ZERO] as const)
    .filter(([, value]) => !value.eq(0))
    .map(([dimension, value]) => amountOf(value, dimension));
};

const held = (accounts: readonly AccountBalance[], kind: Account['kind'], sign: 1 | -1): Amount[] =>
  totals(accounts.filter((a) => a.account.kind === kind).map((a) => ({ ...a, value: a.value.times(sign) })));

const onHand = (ledger: LotLedger): { place: string; amount: Amount }[] => {
  const places = uniqueSorted(ledger.balances.map((b) => b.place ?? ''));
  return places.flatMap((place) =>
    totals(ledger.balances.filter((b) => (b.place ?? '') === place)).map((amount) => ({ place, amount })),
  );
};

/** Where it came from: who made it outside any transformation, or the source of what came from outside. */
const origins = (ledger: LotLedger, happenings: readonly Happening[], master: MasterData): string[] => {
  const byId = new Map(happenings.map((h) => [h.id, h]));
  const parties = ledger.sources
    .filter((source) => source.transformation === undefined)
    .map((source) => {
      if (source.kind === 'made') return partyOf(source.place, master);
      const from = byId.get(source.event)?.source;
      return from?.owning ?? from?.possessing ?? partyOf(from?.location, master);
    });
  return uniqueSorted(parties.filter((party) => party !== undefined));
};

export const lotRow = (
  id: string,
  state: LotState,
  ledger: LotLedger,
  happenings: readonly Happening[],
  acts: readonly string[],
  master: MasterData,
): LotRow => {
  const times = happenings.filter((h) => h.verb !== 'dates' && h.verb !== 'note').map((h) => h.time.key);
  return {
    id,
    kind: state.kind,
    item: state.item,
    lot_code: state.lotCode,
    supplier_lot: state.supplierLot,
    status: state.status,
    holds: state.holds,
    stated: state.dates,
    made: ledger.made,
    received: held(ledger.accounts, 'outside', -1),
    scrapped: held(ledger.accounts, 'scrapped', 1),
    on_hand: onHand(ledger),
    origins: origins(ledger, happenings, master),
    places: uniqueSorted(ledger.balances.map((b) => b.place).filter((place) => place !== null)),
    acts,
    first_time: times.length === 0 ? null : (uniqueSorted(times)[0] ?? null),
    last_time: times.length === 0 ? null : (uniqueSorted(times).at(-1) ?? null),
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
  /** The shipment that all legs of one departure make, else of one receiving: the id of that event. */
  shipment: string;
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
    shipment: s.departure ?? s.arrivals[0]?.event ?? s.events[0] ?? s.id,
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

/** Row of `consumptions`. */
export interface ConsumptionRow {
  lot: string;
  transformation: string;
  dimension: string;
  value: string;
  event: string;
  time: string;
  place: string | null;
}

export const consumptionRows = (lot: string, ledger: LotLedger): ConsumptionRow[] =>
  ledger.consumptions.map((c) => ({ ...c, lot, value: decimalText(c.value) }));
