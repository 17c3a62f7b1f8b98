import type { Happening, MasterData } from '../../happening.js';
import type { MasterDataState } from '../../master-data/index.js';
import { type Discrepancy, effective, foldLot, type FoldOptions } from '../../ledger/index.js';
import { type Membership, type Stay, transformationKey, type TransformationNode } from '../../trace/index.js';
import { type Dating, datingOf } from './dating.js';
import { lotState, statedDates } from './lot-state.js';
import {
  accountRows,
  balanceRows,
  type ConsumptionRow,
  consumptionRows,
  entryRows,
  type LotRow,
  lotRow,
  type MoveRow,
  moveRows,
  type ShipmentRow,
  shipmentRows,
} from './lot-rows.js';
import { uniqueSorted } from './order.js';
import { staysIn } from './stays.js';
import { transformationNodes } from './transformations.js';

/** All derived rows of one lot, serial, unit or pool. */
export interface DerivedLot {
  lot: LotRow;
  ledger: object[];
  balances: object[];
  accounts: object[];
  shipments: ShipmentRow[];
  moves: MoveRow[];
  consumptions: ConsumptionRow[];
  members: Membership[];
  stays: Stay[];
  discrepancies: readonly Discrepancy[];
  dating: Dating;
}

/** References of the acts that are in the ledger: commanded, or confirmed by a fact. */
const actsOf = (happenings: readonly Happening[]): string[] =>
  uniqueSorted(happenings.flatMap((h) => (h.act === undefined ? [] : [h.act, ...(h.alsoKnownAs ?? [])])));

/** The lots that a serial states. */
const membersOf = (serial: string, happenings: readonly Happening[]): Membership[] =>
  uniqueSorted(
    happenings.flatMap((h) =>
      [...h.things, ...(h.outputs ?? [])].flatMap((t) => (t.id === serial && t.lot !== undefined ? [t.lot] : [])),
    ),
  ).map((lot) => ({ serial, lot }));

/** Lots that went into this one, by the transformations among these happenings. */
export const inputsOf = (lot: string, happenings: readonly Happening[], master: MasterData): string[] => {
  const runs = Map.groupBy(
    happenings.filter((h) => h.verb === 'transform'),
    (h) => transformationKey(h, master),
  );
  return uniqueSorted(
    [...runs.values()]
      .filter((run) => run.some((h) => h.outputs?.some((out) => out.id === lot)))
      .flatMap((run) => run.flatMap((h) => h.things.map((thing) => thing.id))),
  );
};

/** Lots that went into one, and the production days stated of them. */
export interface Inputs {
  lots: readonly string[];
  production: ReadonlyMap<string, string>;
}

/**
 * A pure function of what stands in the record about the lot (aliases resolved), of master data, and of its inputs' stated
 * production dates.
 */
export const deriveLot = (
  id: string,
  happenings: readonly Happening[],
  master: MasterDataState,
  inputs: Inputs,
  options: FoldOptions = {},
): DerivedLot => {
  const counted = effective(happenings);
  const ledger = foldLot(id, counted, master, { ...options, inputProduction: inputs.production });
  const state = lotState(id, counted);
  const madeOn = uniqueSorted(
    counted
      .filter((h) => (h.verb === 'make' ? h.things : (h.outputs ?? [])).some((thing) => thing.id === id))
      .map((h) => h.time.day),
  )[0];
  return {
    lot: lotRow(id, state, ledger, counted, actsOf(happenings), master),
    ledger: entryRows(ledger),
    balances: balanceRows(ledger),
    accounts: accountRows(ledger),
    shipments: shipmentRows(id, ledger),
    moves: moveRows(id, ledger),
    consumptions: consumptionRows(id, ledger),
    members: membersOf(id, counted),
    stays: staysIn(id, counted),
    discrepancies: ledger.discrepancies,
    dating: datingOf(state.dates, state.item, madeOn, inputs.lots, master),
  };
};

export const deriveTransformations = (happenings: readonly Happening[], master: MasterData): TransformationNode[] =>
  transformationNodes(effective(happenings), master);

/** The production day that stands for a lot, if any. */
export const productionDay = (lot: string, happenings: readonly Happening[]): string | undefined =>
  statedDates(lot, effective(happenings)).production;
