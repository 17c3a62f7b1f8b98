import type { DataOf, InspectionRecorded } from '#contracts';
import type { LotDates } from '#traceability';
import { ZERO, contentHash } from '#kernel';
import type { Finding } from '../inspection/inspection.js';
import type { Allocation, Book, BookEvent, BookLot, Issue, Take } from './book.js';
import { carriedBook } from './carry-forward.js';
import { isSameTarget, takeOf } from './take.js';

const lotIn = (book: Book, lot: string): BookLot => {
  let entry = book.lots.get(lot);
  if (!entry) book.lots.set(lot, (entry = { received: false, holds: new Map(), quality: 'none', dates: [] }));
  return entry;
};

const stateDates = (book: Book, lot: string, stated: LotDates, position: string | undefined): void => {
  lotIn(book, lot).dates.push({ stated, position });
};

/** A result by a plan; one without a plan stands for itself. */
const addFinding = (book: Book, data: DataOf<typeof InspectionRecorded>): void => {
  const { lot, inspection: id, characteristic, plan, result, values } = data;
  if (plan === undefined || characteristic === undefined || values === undefined) return;
  const inspections = new Map(book.inspected.get(lot));
  const before = inspections.get(id) ?? { plan, findings: new Map<string, Finding>() };
  const findings = new Map(before.findings).set(characteristic, { result, values });
  book.inspected.set(lot, inspections.set(id, { ...before, findings }));
};

/** What an issue takes out of the open lines of allocations, in their order. */
export const drawn = (
  allocations: ReadonlyMap<string, Allocation>,
  ids: readonly string[],
  lines: readonly Take[],
): Issue['used'] => {
  const used: { allocation: string; line: number; value: Take['value'] }[] = [];
  const left = lines.map((line) => ({ ...line }));
  for (const allocation of ids) {
    const entry = allocations.get(allocation);
    if (!entry || entry.released) continue;
    entry.open.forEach((open, line) => {
      let remaining = open.value;
      for (const need of left) {
        if (!isSameTarget(need, open) || need.value.lte(ZERO) || remaining.lte(ZERO)) continue;
        const value = need.value.lt(remaining) ? need.value : remaining;
        need.value = need.value.minus(value);
        remaining = remaining.minus(value);
        used.push({ allocation, line, value });
      }
    });
  }
  return used;
};

const giveBack = (book: Book, issue: Issue, sign: 1 | -1): void => {
  for (const { allocation, line, value } of issue.used) {
    const entry = book.allocations.get(allocation);
    const open = entry?.open[line];
    if (entry && open) entry.open[line] = { ...open, value: open.value.plus(value.times(sign)) };
  }
};

/** Folds one event into the very book it is given: for a holder of its own copy; everyone else calls `foldBook`. */
export const foldInto = (book: Book, event: BookEvent): void => {
  switch (event.type) {
    case 'LotReceived': {
      const { data } = event;
      book.receipts.set(data.receipt, data);
      const lot = lotIn(book, data.lot);
      lot.received = true;
      if (data.quarantine) lot.quality = 'quarantine';
      if (data.dates) stateDates(book, data.lot, data.dates, event.position);
      break;
    }
    case 'LotHeld':
      lotIn(book, event.data.lot).holds.set(event.data.holdId, {
        holdId: event.data.holdId,
        reason: event.data.reason,
        owner: event.data.owner,
      });
      break;
    case 'HoldLifted':
      lotIn(book, event.data.lot).holds.delete(event.data.holdId);
      break;
    case 'LotReleased':
      lotIn(book, event.data.lot).quality = 'released';
      break;
    case 'LotRejected':
      lotIn(book, event.data.lot).quality = 'rejected';
      break;
    case 'InspectionRecorded':
      book.inspections.add(contentHash(event.data));
      addFinding(book, event.data);
      break;
    case 'UsageDecided': {
      const { lot, inspection: id } = event.data;
      const inspections = new Map(book.inspected.get(lot));
      const inspection = inspections.get(id);
      if (inspection === undefined) break;
      inspections.delete(id);
      book.inspected.set(lot, inspections.set(id, { ...inspection, decision: event.data }));
      break;
    }
    case 'LotDatesChanged':
      stateDates(book, event.data.lot, event.data.dates, event.position);
      break;
    case 'StockAllocated': {
      const lines = event.data.lines.map(takeOf);
      book.allocations.set(event.data.allocation, {
        for: event.data.for,
        lines,
        open: [...lines],
        released: false,
        explained: event.data.explained ?? [],
        ...(event.data.passedOverBesides !== undefined && { passedOverBesides: event.data.passedOverBesides }),
      });
      break;
    }
    case 'AllocationReleased': {
      const allocation = book.allocations.get(event.data.allocation);
      if (allocation) book.allocations.set(event.data.allocation, { ...allocation, released: true });
      break;
    }
    case 'StockIssued': {
      const lines = event.data.lines.map(takeOf);
      const issue: Issue = {
        attempt: event.data.attempt,
        lines,
        used: drawn(book.allocations, event.data.allocations ?? [], lines),
        undone: false,
      };
      giveBack(book, issue, -1);
      for (const { lot } of book.issues.get(event.data.reference)?.lines ?? []) {
        const references = book.issuesOf.get(lot);
        references?.delete(event.data.reference);
        if (references?.size === 0) book.issuesOf.delete(lot);
      }
      book.issues.set(event.data.reference, issue);
      for (const { lot } of lines) {
        const references = book.issuesOf.get(lot) ?? new Set();
        book.issuesOf.set(lot, references.add(event.data.reference));
      }
      break;
    }
    case 'IssueUndone': {
      const issue = book.issues.get(event.data.reference);
      if (!issue || issue.undone || issue.attempt !== event.data.attempt) break;
      giveBack(book, issue, 1);
      book.issues.set(event.data.reference, { ...issue, undone: true });
      break;
    }
    case 'StockAdjusted': {
      const counted = takeOf({ ...event.data, amount: event.data.counted });
      const expected = takeOf({ ...event.data, amount: event.data.expected });
      book.counts.set(event.data.count, { take: counted, counted: counted.value, expected: expected.value });
      break;
    }
    case 'StockScrapped':
      book.scraps.set(event.data.scrap, takeOf(event.data));
      break;
    case 'StockMoved': {
      const { move, lot, from, to, amount } = event.data;
      book.moves.set(move, { ...takeOf({ lot, place: from, amount }), to });
      break;
    }
    case 'BookCarriedForward':
      Object.assign(book, carriedBook(event.data, event.position), { position: book.position });
      break;
  }
  if (event.position !== undefined && event.position > book.position) book.position = event.position;
};

const copy = (book: Book): Book => ({
  lots: new Map([...book.lots].map(([id, lot]) => [id, { ...lot, holds: new Map(lot.holds), dates: [...lot.dates] }])),
  allocations: new Map([...book.allocations].map(([id, a]) => [id, { ...a, open: [...a.open] }])),
  issues: new Map(book.issues),
  issuesOf: new Map([...book.issuesOf].map(([lot, references]) => [lot, new Set(references)])),
  receipts: new Map(book.receipts),
  counts: new Map(book.counts),
  scraps: new Map(book.scraps),
  moves: new Map(book.moves),
  inspections: new Set(book.inspections),
  inspected: new Map(book.inspected),
  position: book.position,
});

/** The book after these events; the one given stays as it was. One copy serves many events. */
export const foldBook = (book: Book, events: readonly BookEvent[]): Book => {
  if (events.length === 0) return book;
  const next = copy(book);
  for (const event of events) foldInto(next, event);
  return next;
};

export const evolve = (book: Book, event: BookEvent): Book => foldBook(book, [event]);
