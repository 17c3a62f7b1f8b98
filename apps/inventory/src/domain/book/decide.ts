import type { Decider } from '#kernel';
import { allocate, allocateFefo, releaseAllocation, releasePromises } from './allocate.js';
import { emptyBook, type Book, type BookEvent } from './book.js';
import type { BookCommand } from './command.js';
import { adjust, scrap } from './corrections.js';
import { evolve } from './evolve.js';
import { decideUsage, recordResults } from './inspections.js';
import { issue, undoIssue } from './issue.js';
import { move } from './move.js';
import { changeDates, hold, inspect, keptForInspection, lift, reject, release } from './quality.js';
import { receive } from './receive.js';

const decide = (command: BookCommand, book: Book): BookEvent[] => {
  switch (command.type) {
    case 'receive':
      return receive(keptForInspection(command, book), book);
    case 'hold':
      return hold(command, book);
    case 'lift':
      return lift(command, book);
    case 'release':
      return release(command, book);
    case 'reject':
      return reject(command, book);
    case 'inspect':
      return inspect(command, book);
    case 'record-results':
      return recordResults(command, book);
    case 'decide-usage':
      return decideUsage(command, book);
    case 'change-dates':
      return changeDates(command, book);
    case 'allocate':
      return allocate(command, book);
    case 'allocate-fefo':
      return allocateFefo(command, book);
    case 'release-allocation':
      return releaseAllocation(command, book);
    case 'release-promises':
      return releasePromises(command, book);
    case 'issue':
      return issue(command, book);
    case 'undo-issue':
      return undoIssue(command, book);
    case 'adjust':
      return adjust(command, book);
    case 'scrap':
      return scrap(command, book);
    case 'move':
      return move(command, book);
  }
};

/** The stock book: decisions are *book + known stock*, which each command carries. */
export const bookDecider: Decider<Book, BookCommand, BookEvent> = { initialState: emptyBook, decide, evolve };
