import { LotlineError, type Problem } from '#kernel';
import type { CommandContext } from '#platform';
import type { BookKeeper } from '../../books/book-keeper.js';
import type { BookCommand, Circumstances } from '../../domain/book/command.js';
import { byBook } from '../requested-lines.js';

export interface LotResult {
  lot: string;
  /** Its book has the hold (of a lift: has it no more). */
  done: boolean;
  /** Position at which the book said so, or a later one where it had said so before. */
  position?: string;
  problems?: readonly Problem[];
}

/**
 * One decision a book, all books side by side: a book that cannot be changed now leaves the others done, and the call
 * can be repeated.
 */
export const eachBook = async (
  books: BookKeeper,
  lots: readonly string[],
  command: (lots: readonly string[], circumstances: Circumstances) => BookCommand,
  context: CommandContext,
): Promise<LotResult[]> => {
  const results = new Map<string, LotResult>();
  const distinct = [...new Set(lots)].map((lot) => ({ lot }));
  await Promise.all(
    [...byBook(distinct)].map(async ([stream, own]) => {
      const ids = own.map(({ lot }) => lot);
      try {
        const { position } = await books.carryOut({}, [{ stream, command: (c) => command(ids, c) }], context);
        const at = position ?? (await books.read(stream)).position;
        for (const lot of ids) results.set(lot, { lot, done: true, ...(at !== '' && { position: at }) });
      } catch (error) {
        if (!(error instanceof LotlineError)) throw error;
        const problems = error.problems.length > 0 ? error.problems : [{ code: error.code, message: error.message }];
        for (const lot of ids) results.set(lot, { lot, done: false, problems });
      }
    }),
  );
  return distinct.flatMap(({ lot }) => results.get(lot) ?? []);
};
