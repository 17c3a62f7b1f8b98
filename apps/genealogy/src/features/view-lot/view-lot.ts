import { amountOf, decimal, type Amount } from '#kernel';
import { toldDiscrepancy, type Discrepancy, type LotDates, type StandingHold } from '#traceability';
import type { Snapshot } from '../../read-model/genealogy-reader.js';
import { lotNamed } from '../lot-of.js';
import { withSuspicion } from '../suspicion.js';
import { type Suspicion, suspicionsOf } from './suspect.js';

export interface AccountView {
  kind: string;
  place?: string | null;
  unit?: string;
}

export interface EntryView {
  seq: number;
  /** UTC. */
  time: string;
  from: AccountView;
  to: AccountView;
  amount: Amount;
  /** Ids of the events that cause it. */
  events: string[];
  /** Why it is more than what its event said. */
  flag?: string;
}

export interface LotView {
  position: string;
  id: string;
  kind: string;
  item: string | null;
  lotCode: string | null;
  supplierLot?: string;
  /** Other ids of the same lot. */
  aliases: string[];
  status: string;
  holds: StandingHold[];
  /** Holds on lots upstream that make this one suspect, each with the path that explains it. */
  suspect: Suspicion[];
  dates: LotDates;
  /** Names of the dates that follow from inputs. */
  inheritedDates: string[];
  origins: readonly string[];
  made: readonly Amount[];
  /** From outside the record. */
  received: readonly Amount[];
  balances: { place: string | null; unit?: string; party?: string; amount: Amount }[];
  /** Every account of the ledger; of one dimension they add up to zero. */
  accounts: (AccountView & { amount: Amount })[];
  ledger: EntryView[];
  /** `time` in UTC. */
  discrepancies: readonly Discrepancy[];
  complete: boolean;
  /** Parked events that name it: the answer may miss what they say. */
  parked: readonly string[];
}

const LEDGER = (s: string): string => `
SELECT e.seq, e.time, e.from_kind, e.from_place, e.from_unit, e.to_kind, e.to_place, e.to_unit, e.value::text, e.dimension,
       e.events, e.flag
FROM ${s}.ledger e JOIN ${s}.lots l USING (owner) WHERE l.id = $1 ORDER BY e.n`;
const BALANCES = (s: string): string => `
SELECT b.place, b.unit, b.party, b.dimension, b.value::text FROM ${s}.balances b JOIN ${s}.lots l USING (owner)
WHERE l.id = $1 ORDER BY b.n`;
const ACCOUNTS = (s: string): string => `
SELECT a.kind, a.place, a.unit, a.dimension, a.value::text FROM ${s}.accounts a JOIN ${s}.lots l USING (owner)
WHERE l.id = $1 ORDER BY a.n`;
const STATE = (s: string): string => `
SELECT l.holds, coalesce(d.derived, '[]') AS derived,
       coalesce((SELECT json_agg(a.id ORDER BY a.id) FROM ${s}.aliases a WHERE a.stands_for = l.id), '[]') AS aliases
FROM ${s}.lots l LEFT JOIN ${s}.dates d USING (owner) WHERE l.id = $1`;

interface EntryRow {
  seq: number;
  time: string;
  from_kind: string;
  from_place: string | null;
  from_unit: string | null;
  to_kind: string;
  to_place: string | null;
  to_unit: string | null;
  value: string;
  dimension: string;
  events: string[];
  flag: string | null;
}

const amount = (row: { value: string; dimension: string }): Amount => amountOf(decimal(row.value), row.dimension);

const account = (kind: string, place: string | null, unit: string | null): AccountView => ({
  kind,
  ...((kind === 'place' || kind === 'shipped') && { place }),
  ...(unit !== null && { unit }),
});

/** One lot with everything the record says of it. @throws LotlineError `lot-unknown` (404) */
export const viewLot = async (snapshot: Snapshot, lot: string, item?: string): Promise<LotView> => {
  const { client, schema, position, graph } = snapshot;
  const node = await lotNamed(snapshot, lot, item);
  const rows = async <Row extends object>(sql: string): Promise<Row[]> =>
    (await client.query<Row>(sql, [node.id])).rows;
  const suspect = await suspicionsOf(snapshot, node.id);
  const [state] = await rows<{ holds: LotView['holds']; derived: string[]; aliases: string[] }>(STATE(schema));
  const entries = await rows<EntryRow>(LEDGER(schema));
  const balances = await rows<{
    place: string | null;
    unit: string | null;
    party: string | null;
    dimension: string;
    value: string;
  }>(BALANCES(schema));
  const accounts = await rows<{
    kind: string;
    place: string | null;
    unit: string | null;
    dimension: string;
    value: string;
  }>(ACCOUNTS(schema));
  return {
    position,
    id: node.id,
    kind: node.kind,
    item: node.item,
    lotCode: node.lotCode,
    ...(node.supplierLot !== undefined && { supplierLot: node.supplierLot }),
    aliases: state?.aliases ?? [],
    status: withSuspicion(node, new Set(suspect.length > 0 ? [node.id] : [])).status,
    holds: state?.holds ?? [],
    suspect,
    dates: node.dates,
    inheritedDates: state?.derived ?? [],
    origins: node.origins ?? [],
    made: node.made,
    received: node.received,
    balances: balances.map((row) => ({
      place: row.place,
      ...(row.unit !== null && { unit: row.unit }),
      ...(row.party !== null && { party: row.party }),
      amount: amount(row),
    })),
    accounts: accounts.map((row) => ({ ...account(row.kind, row.place, row.unit), amount: amount(row) })),
    ledger: entries.map((row) => ({
      seq: row.seq,
      time: `${row.time}Z`,
      from: account(row.from_kind, row.from_place, row.from_unit),
      to: account(row.to_kind, row.to_place, row.to_unit),
      amount: amount(row),
      events: row.events,
      ...(row.flag !== null && { flag: row.flag }),
    })),
    discrepancies: (await graph.discrepancies([node.id])).map(toldDiscrepancy),
    complete: (node.parked ?? []).length === 0,
    parked: node.parked ?? [],
  };
};
