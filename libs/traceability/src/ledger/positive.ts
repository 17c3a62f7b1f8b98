import type { Decimal } from '#kernel';

/** Above zero? The fold asks it for every portion it looks at; `gt(0)` would build a number each time. */
export const isPositive = (d: Decimal): boolean => d.s > 0 && d.c[0] !== 0;
