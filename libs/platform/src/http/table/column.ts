export type Cell = string | number | null | undefined;

/**
 * A column's heading and what stands in it. Only what is marked an amount (an exact decimal as text) may become a number in a
 * spreadsheet: a lot code of digits is none.
 */
export type Column<T> = readonly [heading: string, cell: (row: T) => Cell, kind?: 'amount'];
