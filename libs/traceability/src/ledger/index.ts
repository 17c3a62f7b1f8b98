export type * from './types.js';
export { foldLot } from './fold.js';
export { datesContradict, datesOf, type StatedDate } from './dates.js';
export { inLedgerOrder } from './order.js';
export { confirmedDifferently, effective } from './effective.js';
export { moreOutThanIn } from './transformation-balance.js';
export { suspectedDuplicates } from './suspected-duplicates.js';
export { notReceived } from './not-received.js';
export { brokenCommitments, type Commitment } from './commitments.js';
