/** What one unit is worth in the base unit of its dimension. */
export interface BaseUnit {
  /** mass, volume, count, length, area, or `unit:CODE` where we do not know the code: such units never mix. */
  dimension: string;
  /** Exact decimal factor to the base unit. */
  factor: string;
}

const mass = (factor: string): BaseUnit => ({ dimension: 'mass', factor });
const volume = (factor: string): BaseUnit => ({ dimension: 'volume', factor });
const count = (factor: string): BaseUnit => ({ dimension: 'count', factor });
const length = (factor: string): BaseUnit => ({ dimension: 'length', factor });
const area = (factor: string): BaseUnit => ({ dimension: 'area', factor });

/**
 * Codes of UN/ECE Recommendation 20 (rev. 17) that goods are counted in, with their exact factors.
 * A code that is not here is no error: it is a dimension of its own and is never converted.
 */
const UNITS: ReadonlyMap<string, BaseUnit> = new Map([
  ['KGM', mass('1')],
  ['GRM', mass('0.001')],
  ['MGM', mass('0.000001')],
  ['TNE', mass('1000')],
  ['DTN', mass('100')],
  ['HGM', mass('0.1')],
  ['LBR', mass('0.45359237')],
  ['ONZ', mass('0.028349523125')],
  ['STN', mass('907.18474')],
  ['LTN', mass('1016.0469088')],
  ['CWA', mass('45.359237')],
  ['CWI', mass('50.80234544')],
  ['LTR', volume('1')],
  ['MLT', volume('0.001')],
  ['CLT', volume('0.01')],
  ['DLT', volume('0.1')],
  ['HLT', volume('100')],
  ['MTQ', volume('1000')],
  ['DMQ', volume('1')],
  ['CMQ', volume('0.001')],
  ['GLL', volume('3.785411784')],
  ['GLI', volume('4.54609')],
  ['OZA', volume('0.0295735295625')],
  ['PTL', volume('0.473176473')], // liquid pint (US)
  ['QTL', volume('0.946352946')], // liquid quart (US)
  ['EA', count('1')],
  ['H87', count('1')],
  ['C62', count('1')],
  ['PCE', count('1')],
  ['NAR', count('1')],
  ['DZN', count('12')],
  ['GRO', count('144')],
  ['CEN', count('100')],
  ['MIL', count('1000')],
  ['MTR', length('1')],
  ['CMT', length('0.01')],
  ['MMT', length('0.001')],
  ['KMT', length('1000')],
  ['FOT', length('0.3048')],
  ['INH', length('0.0254')],
  ['YRD', length('0.9144')],
  ['MTK', area('1')],
  ['CMK', area('0.0001')],
]);

export const baseOf = (unit: string): BaseUnit => UNITS.get(unit) ?? { dimension: `unit:${unit}`, factor: '1' };

export const isKnownUnit = (unit: string): boolean => UNITS.has(unit);
