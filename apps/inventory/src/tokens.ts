/** `BookKeeper`: the one way to change stock books. */
export const BOOK_KEEPER = Symbol('BOOK_KEEPER');
/** `KnownStockReader`: what the facts say, for decisions. */
export const KNOWN_STOCK = Symbol('KNOWN_STOCK');
/** `SiteDays`: what day it is where goods are. */
export const SITE_DAYS = Symbol('SITE_DAYS');
/** `StockQueries`: the read model, for answers. */
export const STOCK_QUERIES = Symbol('STOCK_QUERIES');
/** `DeliveryQueries`: expected deliveries, for answers. */
export const DELIVERY_QUERIES = Symbol('DELIVERY_QUERIES');
