/** `GenealogyReader`. */
export const GENEALOGY_READER = Symbol('GENEALOGY_READER');
/** `StockPromises`. */
export const STOCK_PROMISES = Symbol('STOCK_PROMISES');
