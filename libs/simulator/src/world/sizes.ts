export type Size = 'small' | 'medium' | 'large';

export interface Scale {
  suppliers: number;
  customers: number;
  rawItems: number;
  lines: number;
  /** Production orders a line starts in a day, on average. */
  ordersPerDay: number;
  /** Days simulated unless the user says otherwise. */
  days: number;
}

/** With their own days about 1,000, 100,000 and 10,000,000 events. */
export const SIZES: Readonly<Record<Size, Scale>> = {
  small: { suppliers: 4, customers: 5, rawItems: 6, lines: 3, ordersPerDay: 0.4, days: 30 },
  medium: { suppliers: 20, customers: 60, rawItems: 30, lines: 12, ordersPerDay: 2.2, days: 180 },
  large: { suppliers: 150, customers: 2000, rawItems: 160, lines: 200, ordersPerDay: 9.5, days: 365 },
};

export const isSize = (text: string): text is Size => Object.hasOwn(SIZES, text);
