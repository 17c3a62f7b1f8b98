import type { RecordedEvent } from '#contracts';
import type { MasterData, Place } from '../happening.js';

export interface PartyEntry {
  id: string;
  name?: string;
}

export interface ItemEntry {
  id: string;
  name?: string;
  party?: string;
  /** Share of its inputs by which a transformation may be out of balance, decimal text. */
  tolerance?: string;
  kind?: string;
}

/** What one event says of one place, party or item; later statements (by log position) replace earlier ones, member by member. */
export type MasterDataEntry =
  | { kind: 'place'; id: string; value: Place }
  | { kind: 'party'; id: string; value: PartyEntry }
  | { kind: 'item'; id: string; value: ItemEntry };

export type MasterDataOf = (event: RecordedEvent) => MasterDataEntry[];

/** The fold's state, and the MasterData that the ledger and the trace read. */
export interface MasterDataState extends MasterData {
  places: ReadonlyMap<string, Place>;
  parties: ReadonlyMap<string, PartyEntry>;
  items: ReadonlyMap<string, ItemEntry>;
}
