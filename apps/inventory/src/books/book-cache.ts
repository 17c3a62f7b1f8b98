import { BookCarriedForward, type RecordedEvent } from '#contracts';
import type { EventLog } from '#event-log';
import { emptyBook, type Book, type BookEvent } from '../domain/book/book.js';
import { foldInto } from '../domain/book/evolve.js';

export interface LoadedBook {
  book: Book;
  /** -1 of a book without events. */
  revision: number;
  /** Of the last event that carried it forward; -1 where none did. */
  carriedAt: number;
}

/** What is to be read of a book: from where it was last carried forward, else from its beginning; in order. */
const readSinceCarried = async (
  log: Pick<EventLog, 'readStream'>,
  stream: string,
  pageSize: number,
): Promise<RecordedEvent[]> => {
  const pages: RecordedEvent[][] = [];
  for (let from: number | undefined; from === undefined || from >= 0;) {
    const page = await log.readStream(stream, { backwards: true, max: pageSize, ...(from !== undefined && { from }) });
    const carried = page.findIndex((event) => event.type === BookCarriedForward.type);
    pages.push(carried < 0 ? page : page.slice(0, carried + 1));
    if (carried >= 0 || page.length < pageSize) break;
    from = (page.at(-1)?.revision ?? 0) - 1;
  }
  return pages.flat().reverse();
};

/**
 * Books as far as this process has read them; loading one reads only what is new, and of one it does not know only what
 * came since it was carried forward. The cache is a hint: every decision is appended at the revision it was taken at.
 * @param capacity books kept; the one not used longest goes first.
 * @param pageSize events asked for at a time of a book that this process does not know yet.
 */
export const createBookCache = (
  log: Pick<EventLog, 'readStream'>,
  capacity = 2_000,
  pageSize = 500,
): { load: (stream: string) => Promise<LoadedBook> } => {
  const books = new Map<string, LoadedBook>();
  return {
    load: async (stream) => {
      const known = books.get(stream);
      const events = known
        ? await log.readStream(stream, { from: known.revision + 1 })
        : await readSinceCarried(log, stream, pageSize);
      // Another caller may have read the same events while this one waited: each revision is folded once.
      const entry = books.get(stream) ?? {
        book: emptyBook(),
        revision: (events[0]?.revision ?? 0) - 1,
        carriedAt: -1,
      };
      for (const event of events) foldNext(entry, event);
      books.delete(stream);
      books.set(stream, entry);
      for (const oldest of books.keys()) {
        if (books.size <= capacity) break;
        books.delete(oldest);
      }
      return entry;
    },
  };
};

const foldNext = (entry: LoadedBook, event: RecordedEvent): void => {
  if (event.revision !== entry.revision + 1) return;
  // A stock stream holds the events of the book only.
  foldInto(entry.book, event as unknown as BookEvent);
  entry.revision = event.revision;
  if (event.type === BookCarriedForward.type) entry.carriedAt = event.revision;
};
