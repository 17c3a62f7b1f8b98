/** How real reports go wrong. The first three change nothing in the end, `corrected` neither: a wrong entry, voided and redone. */
export const ERROR_KINDS = [
  'late',
  'duplicate',
  'out-of-order',
  'corrected',
  'missing',
  'quantity',
  'lot',
  'date',
  'place',
  'unit',
  'second-report',
] as const;
export type ErrorKind = (typeof ERROR_KINDS)[number];

/** One error that was made, and what may be expected of whoever reads the record. */
export interface InjectedError {
  kind: ErrorKind;
  verb: string;
  /** Ids of the events that are wrong, missing, or there besides. */
  events: string[];
  /** What was done to it, for a person. */
  what: string;
  /** Whether the record contradicts itself or its master data, so that it must show. */
  detectable: boolean;
  /** Each of these lots has to have an open discrepancy of one of these kinds. */
  shows: { lot: string; kinds: string[] }[];
  /** Lots of which the record now says something that is not so; what they go into is reached through them. */
  reaches: string[];
}
