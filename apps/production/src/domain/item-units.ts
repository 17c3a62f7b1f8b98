import type { ItemUnit } from '#contracts';
import { baseOf, ratio, ratioText, type Amount, type Problem, type Ratio } from '#kernel';

/** What an item is counted in. */
export interface Counted {
  baseUnit: string;
  units?: ItemUnit[] | undefined;
}

/** How many of one unit are one of another, where Rec 20 fixes it. */
const fixed = (unit: string, of: string): Ratio | undefined => {
  const [one, other] = [baseOf(unit), baseOf(of)];
  return one.dimension === other.dimension ? ratio(one.factor).div(ratio(other.factor)) : undefined;
};

type Worth = { value: Ratio } | { circle: string[] } | { unknown: string };

/** What one of the unit is worth in base units: by Rec 20, as declared, or by a declared unit of the same dimension. */
const worth = (unit: string, { baseUnit, units = [] }: Counted, path: readonly string[] = []): Worth => {
  const byRec20 = fixed(unit, baseUnit);
  if (byRec20 && path.length === 0) return { value: byRec20 };
  if (path.includes(unit)) return { circle: [...path.slice(path.indexOf(unit)), unit] };
  const declared = units.find((other) => other.unit === unit);
  if (declared) {
    const of = declared.of ?? baseUnit;
    const inBase = of === baseUnit ? { value: ratio('1') } : worth(of, { baseUnit, units }, [...path, unit]);
    return 'value' in inBase ? { value: inBase.value.mul(factorOf(declared)) } : inBase;
  }
  if (byRec20) return { value: byRec20 };
  const sibling = units.find((other) => fixed(unit, other.unit) !== undefined);
  const times = sibling && fixed(unit, sibling.unit);
  if (!sibling || !times) return { unknown: unit };
  const one = worth(sibling.unit, { baseUnit, units }, [...path, unit]);
  return 'value' in one ? { value: one.value.mul(times) } : one;
};

const factorOf = ({ factor }: ItemUnit): Ratio => ratio(factor);

/** Zero, or divided by zero. */
const isUsable = (unit: ItemUnit): boolean => {
  try {
    return !factorOf(unit).equals(0);
  } catch {
    return false;
  }
};

/** Every reason against the units of an item. */
export const unitProblems = ({ baseUnit, units = [] }: Counted): Problem[] => {
  const problem = (index: number, code: string, message: string, more: Partial<Problem> = {}): Problem => ({
    code,
    message,
    field: `/units/${index}`,
    found: units[index]?.unit,
    ...more,
  });
  const simple = units.flatMap((declared, index): Problem[] => {
    const { unit, factor } = declared;
    const first = units.findIndex((other) => other.unit === unit);
    const reasons: Problem[] = [];
    if (unit === baseUnit) reasons.push(problem(index, 'unit-is-base', `${unit} is the base unit`));
    else if (first < index) reasons.push(problem(index, 'unit-listed-twice', `${unit} is listed twice`));
    if (!isUsable(declared))
      reasons.push(
        problem(index, 'factor-zero', 'a factor is above zero', {
          field: `/units/${index}/factor`,
          found: factor,
          expected: 'a decimal or fraction above zero, as "12", "0.5", "1/3"',
        }),
      );
    return reasons;
  });
  if (simple.length > 0) return simple;
  const values = units.map(({ unit, of = baseUnit, factor }) => {
    const inBase = of === baseUnit ? { value: ratio('1') } : worth(of, { baseUnit, units }, [unit]);
    return 'value' in inBase ? { value: inBase.value.mul(ratio(factor)) } : inBase;
  });
  return values.flatMap((value, index): Problem[] => {
    const { unit } = units[index] ?? { unit: '' };
    const field = `/units/${index}/of`;
    if ('circle' in value)
      return [
        problem(index, 'units-circular', `${unit} is defined by itself`, { field, found: value.circle.join(' → ') }),
      ];
    if ('unknown' in value)
      return [
        problem(index, 'unit-not-defined', `${value.unknown} is no unit of the item`, {
          field,
          found: value.unknown,
          expected: [baseUnit, ...units.map((other) => other.unit).filter((other) => other !== unit)].join(', '),
        }),
      ];
    const contradicted = [
      { unit: baseUnit, value: ratio('1') },
      ...units.slice(0, index).flatMap((other, i) => {
        const known = values[i];
        return known && 'value' in known ? [{ unit: other.unit, value: known.value }] : [];
      }),
    ].find((other) => fixed(unit, other.unit)?.mul(other.value).equals(value.value) === false);
    if (!contradicted) return [];
    const right = fixed(unit, contradicted.unit)?.mul(contradicted.value);
    return [
      problem(index, 'factor-contradicts', `one ${unit} is fixed against ${contradicted.unit}`, {
        field: `/units/${index}/factor`,
        found: `${exactText(value.value)} ${baseUnit}`,
        expected: `${right ? exactText(right) : ''} ${baseUnit}`,
      }),
    ];
  });
};

/** As a decimal where one is exact, else as a fraction. */
const exactText = (value: Ratio): string => {
  const text = ratioText(value);
  return ratio(text).equals(value) ? text : value.toFraction();
};

/**
 * How much it is in the unit: by Rec 20, or by the units of its item.
 * @returns undefined where nothing says how to convert.
 */
export const inUnit = (amount: Amount, unit: string, item?: Counted): Ratio | undefined => {
  const value = ratio(amount.value);
  const times = fixed(amount.unit, unit);
  if (times) return value.mul(times);
  if (!item) return undefined;
  const [one, other] = [worth(amount.unit, item), worth(unit, item)];
  return 'value' in one && 'value' in other ? value.mul(one.value).div(other.value) : undefined;
};
