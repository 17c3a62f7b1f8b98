import type {
  AllocationReleased,
  BookCarriedForward,
  DataOf,
  DecidedOf,
  HoldLifted,
  InspectionRecorded,
  IssueUndone,
  LookedAt,
  LotDatesChanged,
  LotHeld,
  LotReceived,
  LotRejected,
  LotReleased,
  StockAdjusted,
  StockAllocated,
  StockIssued,
  StockMoved,
  StockScrapped,
  UsageDecided,
} from '#contracts';
import type { Decimal } from '#kernel';
import type { LotDates } from '#traceability';
import type { Inspection } from '../inspection/inspection.js';

export type BookEvent = (
  | DecidedOf<typeof LotReceived>
  | DecidedOf<typeof LotHeld>
  | DecidedOf<typeof HoldLifted>
  | DecidedOf<typeof LotReleased>
  | DecidedOf<typeof LotRejected>
  | DecidedOf<typeof InspectionRecorded>
  | DecidedOf<typeof UsageDecided>
  | DecidedOf<typeof LotDatesChanged>
  | DecidedOf<typeof StockAllocated>
  | DecidedOf<typeof AllocationReleased>
  | DecidedOf<typeof StockIssued>
  | DecidedOf<typeof IssueUndone>
  | DecidedOf<typeof StockAdjusted>
  | DecidedOf<typeof StockScrapped>
  | DecidedOf<typeof StockMoved>
  | DecidedOf<typeof BookCarriedForward>
) & {
  /** Set once recorded: what stands after known stock's position is not in known stock yet. */
  position?: string;
};

export interface Hold {
  holdId: string;
  reason: string;
  /** `recall:{case}` for a recall's. */
  owner: string;
}

/** `none`: quality never said anything; it may be used. */
export type Quality = 'none' | 'quarantine' | 'released' | 'rejected';

export interface BookLot {
  /** By a command of ours; a lot that only facts name, or only a hold, was not. */
  received: boolean;
  holds: Map<string, Hold>;
  quality: Quality;
  /** Dates stated through the book, oldest first. */
  dates: { stated: LotDates; position: string | undefined }[];
}

/** An amount of a lot at a place, in the base unit of its dimension. */
export interface Take {
  lot: string;
  place: string;
  dimension: string;
  value: Decimal;
}

export interface Allocation {
  for: string;
  lines: readonly Take[];
  /** What is not issued yet, line by line. */
  open: Take[];
  released: boolean;
  /** Of a choice by FEFO: the lots in the order they were looked at, and why. */
  explained: readonly LookedAt[];
  /** How many more were passed over. */
  passedOverBesides?: number;
}

export interface Issue {
  attempt: number;
  lines: readonly Take[];
  /** What it took out of allocations, so that undoing it gives that back. */
  used: readonly { allocation: string; line: number; value: Decimal }[];
  undone: boolean;
}

/** What was moved away from a place, and where to. */
export interface Move extends Take {
  to: string;
}

/** Every commitment on the lots of one item. */
export interface Book {
  lots: Map<string, BookLot>;
  allocations: Map<string, Allocation>;
  issues: Map<string, Issue>;
  /** References of the issues of each lot, so that a decision on one lot does not look at all that ever left. */
  issuesOf: Map<string, Set<string>>;
  receipts: Map<string, DataOf<typeof LotReceived>>;
  counts: Map<string, { take: Take; counted: Decimal; expected: Decimal }>;
  scraps: Map<string, Take>;
  moves: Map<string, Move>;
  /** Hashes of the results that were recorded: one inspection looks at several things, of several lots, and more than once. */
  inspections: Set<string>;
  /** Inspections by a plan, by lot; those decided on last are last. */
  inspected: Map<string, ReadonlyMap<string, Inspection>>;
  /** Position of the last recorded event; '' of an empty book. */
  position: string;
}

export const emptyBook = (): Book => ({
  lots: new Map(),
  allocations: new Map(),
  issues: new Map(),
  issuesOf: new Map(),
  receipts: new Map(),
  counts: new Map(),
  scraps: new Map(),
  moves: new Map(),
  inspections: new Set(),
  inspected: new Map(),
  position: '',
});

const NO_HOLDS: ReadonlyMap<string, Hold> = new Map();
export const holdsOn = (book: Book, lot: string): ReadonlyMap<string, Hold> => book.lots.get(lot)?.holds ?? NO_HOLDS;
export const qualityOf = (book: Book, lot: string): Quality => book.lots.get(lot)?.quality ?? 'none';
