/** Inventory's read model: known stock, and what the stock books decided. */
export const STOCK = 'stock';
