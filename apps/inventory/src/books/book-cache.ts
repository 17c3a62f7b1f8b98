import type { RecordedEvent } from '#contracts';
import type { EventLog } from '#event-log';
import { emptyBook, type Book, type BookEvent } from '../domain/book/book.js';
import { foldInto } from '../domain/book/evolve.js';

export interface LoadedBook {
  book: Book;
  /** -1 of a book without events. */
  revision: number;
}

/**
 * Books as far as this process has read them; loading one reads only what is new. The cache is a hint: every decision is
 * appended at the revision it was taken at.
 * @param capacity books kept; the one not used longest goes first.
 */
export const createBookCache = (
  log: Pick<EventLog, 'readStream'>,
  capacity = 2_000,
): { load: (stream: string) => Promise<LoadedBook>; forget: (stream: string) => void } => {
  const books = new Map<string, LoadedBook>();
  return {
    load: async (stream) => {
      const known = books.get(stream);
      const events = await log.readStream(stream, { from: (known?.revision ?? -1) + 1 });
      // Another caller may have read the same events while this one waited: each revision is folded once.
      const entry = books.get(stream) ?? { book: emptyBook(), revision: -1 };
      for (const event of events) foldNext(entry, event);
      books.delete(stream);
      books.set(stream, entry);
      for (const oldest of books.keys()) {
        if (books.size <= capacity) break;
        books.delete(oldest);
      }
      return entry;
    },
    forget: (stream) => void books.delete(stream),
  };
};

const foldNext = (entry: LoadedBook, event: RecordedEvent): void => {
  if (event.revision !== entry.revision + 1) return;
  // A stock stream holds the events of the book only.
  foldInto(entry.book, event as unknown as BookEvent);
  entry.revision = event.revision;
};
