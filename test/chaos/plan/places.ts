/** The small world all load happens in; ids are valid GS1 keys. */
export const PLANT = 'https://id.gs1.org/414/9506000100016';
export const SHOP = 'https://id.gs1.org/414/9506000300034';
export const OTHER_SHOP = 'https://id.gs1.org/414/9506000400017';
export const SUPPLIER = 'https://id.gs1.org/417/9506000200020';
export const CONSIGNEES = [
  'https://id.gs1.org/417/9506000300027',
  'https://id.gs1.org/417/9506000300034',
  'https://id.gs1.org/417/9506000400017',
] as const;

/** Few, so that clients meet in one stock book. */
export const ITEMS = ['09506000134352', '09506000134369', '09506000134376'] as const;

export const lotOf = (item: string, code: string): string => `https://id.gs1.org/01/${item}/10/${code}`;

export interface Amount {
  value: string;
  unit: string;
}
export const kg = (value: number | string): Amount => ({ value: String(value), unit: 'KGM' });
