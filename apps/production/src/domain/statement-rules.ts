import type { TransformationStatement } from '#contracts';
import {
  amountOf,
  baseOf,
  calendarDay,
  canonicalId,
  decimal,
  decimalText,
  instant,
  measure,
  ZERO,
  type Amount,
  type Decimal,
  type Problem,
} from '#kernel';
import type { ItemDefinition } from './item.js';

/** What rules of items are known, by canonical item id. */
export type Items = ReadonlyMap<string, ItemDefinition>;

interface Counted {
  amount: Amount;
}
interface Leg extends Counted {
  lot: string;
  place?: string;
}

/** Clocks of plants differ; what is further ahead is a mistake. */
const AHEAD_MS = 5 * 60_000;

export const itemOfLot = (lot: string, items: Items): ItemDefinition | undefined => {
  const item = canonicalId(lot).item;
  return item === undefined ? undefined : items.get(item);
};

/** Sums by dimension, in base units. */
export const totals = (legs: readonly Counted[]): ReadonlyMap<string, Decimal> => {
  const sums = new Map<string, Decimal>();
  for (const { amount } of legs) {
    const { value, dimension } = measure(amount.value, amount.unit);
    sums.set(dimension, (sums.get(dimension) ?? ZERO).plus(value));
  }
  return sums;
};

/** The same as amounts. */
export const sums = (legs: readonly Counted[]): Amount[] =>
  [...totals(legs)].map(([dimension, value]) => amountOf(value, dimension));

interface Circumstances {
  eventTime: string;
  now: string;
  items: Items;
}

/**
 * Every rule that the statement breaks by itself; whether the stock is there and may be used is for the stock book.
 * @param eventTime when it happened; `now` when it is said.
 */
export const reasonsAgainst = (statement: TransformationStatement, context: Circumstances): Problem[] => [
  ...shape(statement),
  ...listedTwice(statement.inputs, 'inputs', statement.place),
  ...listedTwice(statement.outputs, 'outputs', statement.place),
  ...madeOfItself(statement),
  ...moreOutThanIn(statement, context.items),
  ...dates(statement, context.items),
  ...ahead(context),
];

/**
 * The same for one record of a step: what only all records together can show is left to the end of the step.
 * @param whole what the other records of the step say.
 */
export const reasonsAgainstPart = (
  statement: TransformationStatement,
  whole: TransformationStatement,
  context: Circumstances,
): Problem[] => [
  ...(isNothing(statement) ? [NOTHING_TRANSFORMED] : []),
  ...kindOfStep(statement, whole),
  ...listedTwice(statement.inputs, 'inputs', statement.place),
  ...listedTwice(statement.outputs, 'outputs', statement.place),
  ...madeOfItself(statement, lotsOf(whole.inputs)),
  ...madeUpOfItself(statement, lotsOf(whole.outputs)),
  ...dates(statement, context.items),
  ...ahead(context),
];

/** What all records of a step break together. */
export const reasonsAgainstWhole = (whole: TransformationStatement, items: Items): Problem[] =>
  isNothing(whole) ? [] : [...shape(whole), ...moreOutThanIn(whole, items)];

const lotsOf = (legs: readonly Leg[]): Set<string> => new Set(legs.map((leg) => leg.lot));

const isNothing = ({ inputs, outputs, losses = [] }: TransformationStatement): boolean =>
  inputs.length === 0 && outputs.length === 0 && losses.length === 0;

const NOTHING_TRANSFORMED: Problem = {
  code: 'nothing-transformed',
  message: 'neither inputs nor outputs nor losses are given',
  field: '/inputs',
};

const kindOfStep = ({ kind }: TransformationStatement, whole: TransformationStatement): Problem[] =>
  kind === whole.kind
    ? []
    : [
        {
          code: 'kind-of-step',
          message: 'a step is of one kind',
          field: '/kind',
          found: kind,
          expected: whole.kind,
        },
      ];

const shape = ({ kind, inputs, outputs }: TransformationStatement): Problem[] => {
  const [into, out] = [lotsOf(inputs).size, lotsOf(outputs).size];
  const reason = (code: string, message: string): Problem[] => [{ code, message, field: '/kind', found: kind }];
  if (into === 0 && out === 0) return reason('nothing-transformed', 'neither inputs nor outputs are given');
  switch (kind) {
    case 'split':
      return into === 1 && out >= 2 ? [] : reason('not-a-split', 'a split has one input lot and several output lots');
    case 'merge':
      return into >= 2 && out === 1 ? [] : reason('not-a-merge', 'a merge has several input lots and one output lot');
    case 'relabel':
      return into === 1 && out === 1
        ? []
        : reason('not-a-relabel', 'a relabelling has one input lot and one output lot');
    case 'repack':
      return into >= 1 && out >= 1 ? [] : reason('not-a-repack', 'a repacking has input and output lots');
    case 'rework':
      return into >= 1 ? [] : reason('not-a-rework', 'a rework has input lots');
    case 'disassembly':
      return into === 1 && out >= 1
        ? []
        : reason('not-a-disassembly', 'a disassembly has one input lot and output lots');
    case 'production':
      return [];
  }
};

const listedTwice = (legs: readonly Leg[], side: 'inputs' | 'outputs', home: string): Problem[] => {
  const seen = new Set<string>();
  return legs.flatMap((leg, index) => {
    // Pieces and weight of one lot stand side by side.
    const key = JSON.stringify([leg.lot, leg.place ?? home, baseOf(leg.amount.unit).dimension]);
    if (!seen.has(key)) {
      seen.add(key);
      return [];
    }
    const message = 'a lot at a place is listed once in each dimension, with its whole amount';
    return [{ code: 'listed-twice', message, field: `/${side}/${index}/lot`, found: leg.lot }];
  });
};

/** @param alsoUsed lots that went in besides its own inputs. */
const madeOfItself = (
  { kind, inputs, outputs }: TransformationStatement,
  alsoUsed: ReadonlySet<string> = new Set(),
): Problem[] => {
  // Rework may top up the very lot it takes from.
  if (kind === 'rework') return [];
  const used = new Set([...lotsOf(inputs), ...alsoUsed]);
  return outputs.flatMap(({ lot }, index) =>
    used.has(lot)
      ? [
          {
            code: 'made-of-itself',
            message: 'a lot is made of itself in a rework only',
            field: `/outputs/${index}/lot`,
            found: lot,
          },
        ]
      : [],
  );
};

/** What came out of the step before goes into it again. */
const madeUpOfItself = ({ kind, inputs }: TransformationStatement, made: ReadonlySet<string>): Problem[] =>
  kind === 'rework'
    ? []
    : inputs.flatMap(({ lot }, index) =>
        made.has(lot)
          ? [
              {
                code: 'made-of-itself',
                message: 'a lot is made of itself in a rework only',
                field: `/inputs/${index}/lot`,
                found: lot,
              },
            ]
          : [],
      );

/** Whether every lot is recorded in the dimension, whatever else it is recorded in. */
const allIn = (dimension: string, legs: readonly Leg[]): boolean => {
  const recorded = lotsOf(legs.filter(({ amount }) => baseOf(amount.unit).dimension === dimension));
  return legs.every(({ lot }) => recorded.has(lot));
};

/** Only where every lot is recorded in one dimension can out be compared with in; what is made of nothing recorded has no limit. */
const moreOutThanIn = ({ kind, inputs, outputs, losses = [] }: TransformationStatement, items: Items): Problem[] => {
  const [into, out] = [totals(inputs), totals([...outputs, ...losses])];
  const comparable = [...out.keys()].filter((d) => allIn(d, inputs) && allIn(d, outputs));
  // Weight says more than pieces.
  const dimension = comparable.find((d) => d !== 'count') ?? comparable[0];
  if (dimension === undefined || !into.has(dimension)) return [];
  // One machine is many parts.
  if (kind === 'disassembly' && dimension === 'count') return [];
  const [used, made] = [into.get(dimension) ?? ZERO, out.get(dimension) ?? ZERO];
  const tolerance = kind === 'relabel' || kind === 'split' || kind === 'merge' ? ZERO : toleranceOf(outputs, items);
  const limit = used.times(tolerance.plus(1));
  if (made.lte(limit)) return [];
  return [
    {
      code: 'more-out-than-in',
      message: `more comes out than went in${tolerance.gt(0) ? ' and its item tolerates' : ''}`,
      field: '/outputs',
      found: decimalText(made),
      expected: `at most ${decimalText(limit)} (${dimension}, base unit)`,
    },
  ];
};

/** The most generous of the items made. */
const toleranceOf = (outputs: readonly Leg[], items: Items): Decimal =>
  outputs.reduce((most, { lot }) => {
    const tolerance = decimal(itemOfLot(lot, items)?.tolerance ?? '0');
    return tolerance.gt(most) ? tolerance : most;
  }, ZERO);

const dates = ({ outputs }: TransformationStatement, items: Items): Problem[] =>
  outputs.flatMap((output, index) => {
    const { production, expiry, bestBefore } = output.dates ?? {};
    const reasons: Problem[] = [];
    const made = production === undefined ? undefined : calendarDay(production);
    for (const [name, stated] of Object.entries({ expiry, bestBefore })) {
      const day = stated === undefined ? undefined : calendarDay(stated);
      if (made !== undefined && day !== undefined && day < made)
        reasons.push({
          code: 'dates-contradict',
          message: `${name} lies before the production date`,
          field: `/outputs/${index}/dates/${name}`,
          found: day,
          expected: `${made} or later`,
        });
    }
    const rule = itemOfLot(output.lot, items)?.shelfLife?.rule;
    if (rule === 'given' && output.role !== 'waste' && expiry === undefined && bestBefore === undefined)
      reasons.push({
        code: 'dates-required',
        message: 'the dates of this item are stated with every lot',
        field: `/outputs/${index}/dates`,
      });
    return reasons;
  });

export const ahead = ({ eventTime, now }: { eventTime: string; now: string }): Problem[] => {
  const limit = instant(new Date(Date.parse(now) + AHEAD_MS).toISOString());
  const at = instant(eventTime);
  return limit && at && at.key > limit.key
    ? [
        {
          code: 'in-the-future',
          message: 'it has not happened yet',
          field: '/eventTime',
          found: eventTime,
          expected: `not after ${now}`,
        },
      ]
    : [];
};
