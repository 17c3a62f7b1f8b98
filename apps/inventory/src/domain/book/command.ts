import type { LotDates } from '#traceability';
import type { Decision } from '../inspection/inspection.js';
import type { Plans } from '../inspection/plan.js';
import type { KnownStock } from '../known-stock.js';
import type { RequestedLine } from './requested-line.js';
import type { Take } from './book.js';
import type { WantedLine } from './choose-lots.js';
import type { MinRemaining } from './remaining-life.js';
import type { DataOf, InspectionRecorded, LotReceived } from '#contracts';

/** What every decision knows besides the book: known stock, and the time it is taken. */
export interface Circumstances {
  known: KnownStock;
  /** The inspection plans of the item, for commands that ask for them. */
  plans?: Plans;
  /** ISO 8601 with offset; becomes the events' time. */
  now: string;
}

export type BookCommand = (
  | { type: 'receive'; receipt: DataOf<typeof LotReceived>; at?: string | undefined }
  | { type: 'hold'; lots: readonly string[]; holdId: string; reason: string; owner: string }
  | { type: 'lift'; lots: readonly string[]; holdId: string; reason: string; owner?: string | undefined }
  | { type: 'release'; lot: string; reason?: string | undefined }
  | { type: 'reject'; lot: string; reason: string }
  | { type: 'inspect'; inspection: DataOf<typeof InspectionRecorded>; at?: string | undefined }
  | {
      type: 'record-results';
      lot: string;
      inspection: string;
      /** Of each characteristic the values of all its samples. */
      results: readonly { characteristic: string; values: readonly string[]; unit?: string | undefined }[];
      note?: string | undefined;
      at?: string | undefined;
    }
  | {
      type: 'decide-usage';
      lot: string;
      inspection: string;
      decision: Decision['decision'];
      reason?: string | undefined;
      restriction?: string | undefined;
      by: string;
      /** The next retest date. */
      retest?: string | undefined;
    }
  | { type: 'change-dates'; lot: string; dates: LotDates; reason: string }
  | {
      type: 'allocate';
      allocation: string;
      for: string;
      neededOn: string;
      lines: readonly RequestedLine[];
      /** What each lot must have left of its life on the day needed. */
      minRemaining?: MinRemaining | undefined;
    }
  | {
      type: 'allocate-fefo';
      allocation: string;
      for: string;
      neededOn: string;
      /** Of the item whose book it is. */
      wanted: readonly WantedLine[];
    }
  | { type: 'release-allocation'; allocation: string; reason?: string | undefined }
  /** All that was promised to somebody who wants it no more. */
  | { type: 'release-promises'; for: string; reason?: string | undefined }
  | {
      type: 'issue';
      reference: string;
      attempt: number;
      lines: readonly RequestedLine[];
      /** Allocations it may draw on besides those made for the reference. */
      allocations: readonly string[];
      /** The day on which the lots must be good. */
      day: string;
    }
  | { type: 'undo-issue'; reference: string; attempt?: number | undefined; reason: string }
  | { type: 'adjust'; count: string; counted: Take; reason: string; at?: string | undefined }
  | {
      type: 'move';
      move: string;
      /** What leaves, and where. */
      take: Take;
      to: string;
      /** Also what is held, in quarantine, rejected or recalled. */
      evenIfBlocked: boolean;
      reason?: string | undefined;
      at?: string | undefined;
    }
  | { type: 'scrap'; scrap: string; take: Take; reason: string; at?: string | undefined }
) &
  Circumstances;

export type CommandOf<Type extends BookCommand['type']> = Extract<BookCommand, { type: Type }>;
