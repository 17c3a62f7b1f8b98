/** How an error maps to HTTP; the mapping itself lives once, in `platform` (RFC 9457 problem+json). */
export type ErrorKind =
  | 'malformed' // 400: the request cannot be understood
  | 'unauthenticated' // 401
  | 'forbidden' // 403
  | 'not-found' // 404
  | 'conflict' // 409: same id with other content
  | 'too-large' // 413
  | 'unsupported' // 415
  | 'precondition' // 412: revision conflict
  | 'refused' // 422: a rule says no
  | 'behind' // 503 with Retry-After: the read model has not reached the asked position
  | 'unavailable'; // 503

/** One thing wrong with the input: where, what was found, what was expected. */
export interface Problem {
  code: string;
  message: string;
  /** Index of the event in the list that was sent. */
  index?: number;
  /** Id of the event, as sent. */
  id?: string;
  /** JSON pointer to the field. */
  field?: string;
  found?: unknown;
  expected?: string;
  /** What would be accepted instead, by value: an amount, a day, places. */
  accepted?: unknown;
}

/** The only error that features throw on purpose; everything else is a defect and answers 500 without detail. */
export class LotlineError extends Error {
  constructor(
    readonly kind: ErrorKind,
    /** Stable, documented, kebab-case. */
    readonly code: string,
    message: string,
    readonly problems: readonly Problem[] = [],
    /** Extra members of the problem document. */
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = 'LotlineError';
  }
}

export const malformed = (code: string, message: string, problems: readonly Problem[] = []): LotlineError =>
  new LotlineError('malformed', code, message, problems);
export const notFound = (code: string, message: string): LotlineError => new LotlineError('not-found', code, message);
/** @param reasons every rule that says no, not only the first. */
export const refused = (code: string, message: string, reasons: readonly Problem[]): LotlineError =>
  new LotlineError('refused', code, message, reasons);
