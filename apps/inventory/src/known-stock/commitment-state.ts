import { decimal, decimalText } from '#kernel';
import type { Allocation, Issue, Take } from '../domain/book/book.js';

type Written<T> = T extends Take ? Omit<Take, 'value'> & { value: string } : never;

interface WrittenAllocation {
  for: string;
  lines: Written<Take>[];
  open: Written<Take>[];
  released: boolean;
  explained: Allocation['explained'];
}

interface WrittenIssue {
  attempt: number;
  lines: Written<Take>[];
  used: { allocation: string; line: number; value: string }[];
  undone: boolean;
}

const writeTake = (take: Take): Written<Take> => ({ ...take, value: decimalText(take.value) });
const readTake = (take: Written<Take>): Take => ({ ...take, value: decimal(take.value) });

/** A commitment of the book as a row keeps it: exact, as JSON. */
export const writeAllocation = (a: Allocation): WrittenAllocation => ({
  ...a,
  lines: a.lines.map(writeTake),
  open: a.open.map(writeTake),
});
export const readAllocation = (a: WrittenAllocation): Allocation => ({
  ...a,
  lines: a.lines.map(readTake),
  open: a.open.map(readTake),
});
export const writeIssue = (issue: Issue): WrittenIssue => ({
  ...issue,
  lines: issue.lines.map(writeTake),
  used: issue.used.map((u) => ({ ...u, value: decimalText(u.value) })),
});
export const readIssue = (issue: WrittenIssue): Issue => ({
  ...issue,
  lines: issue.lines.map(readTake),
  used: issue.used.map((u) => ({ ...u, value: decimal(u.value) })),
});
