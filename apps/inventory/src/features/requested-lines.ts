import { placeIdOf } from '#contracts';
import { measure } from '#kernel';
import type { RequestedLine } from '../domain/book/requested-line.js';
import { lotNamed, stockStreamOf } from '../domain/stock-stream.js';
import type { LotLineDto } from './lot-line.dto.js';

/** @throws LotlineError `malformed` where a line names no lot. */
export const requestedLines = (lines: readonly LotLineDto[]): RequestedLine[] =>
  lines.map((line, index) => ({
    index,
    lot: lotNamed(line),
    place: placeIdOf(line.place).id,
    ...measure(line.amount.value, line.amount.unit),
  }));

/** Lines by the book they are decided in, in the order the books first appear. */
export const byBook = <Line extends { lot: string }>(lines: readonly Line[]): Map<string, Line[]> => {
  const books = new Map<string, Line[]>();
  for (const line of lines) {
    const stream = stockStreamOf(line.lot);
    const own = books.get(stream);
    if (own) own.push(line);
    else books.set(stream, [line]);
  }
  return books;
};
