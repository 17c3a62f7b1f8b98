/** `CaseKeeper`: decides on cases and brings them in line with the record. */
export const CASE_KEEPER = Symbol('CASE_KEEPER');
/** `CaseList`: the read model of cases. */
export const CASE_LIST = Symbol('CASE_LIST');
/** `Genealogy`, as recalls asks it. */
export const GENEALOGY = Symbol('GENEALOGY');
/** `StockHolds`, as recalls asks inventory. */
export const STOCK_HOLDS = Symbol('STOCK_HOLDS');
