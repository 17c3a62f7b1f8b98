import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson, LotlineError } from '#kernel';
import { itemDecider, type ItemCommand, type ItemDefinition, type ItemState } from './item.js';

const now = '2026-04-20T08:00:00.000Z';
const item = 'urn:item:yoghurt';
const amount = { value: '1', unit: 'KGM' };

/** A definition, with what is wrong with it on purpose. */
const definition = fc
  .record({
    name: fc.constantFrom('Yoghurt', 'Skyr'),
    unit: fc.constantFrom('KGM', 'EA', 'GRM'),
    factor: fc.constantFrom('0', '0.001', '1', '1/3'),
    currency: fc.constantFrom('EUR', 'ZZZ'),
    input: fc.constantFrom('urn:item:milk', item),
    rework: fc.boolean(),
  })
  .map(({ name, unit, factor, currency, input, rework }) => ({
    value: {
      item,
      name,
      kind: 'finished',
      baseUnit: 'KGM',
      units: [{ unit, factor }],
      cost: { value: '1.20', currency },
      recipe: {
        makes: amount,
        steps: [
          {
            step: 'make',
            inputs: [{ item: input, amount, ...(rework && { rework: true as const }) }],
            outputs: [{ item, amount, role: 'product' }],
          },
        ],
      },
    } satisfies ItemDefinition,
    wrong: [
      ...(unit === 'KGM' ? ['unit-is-base'] : []),
      ...(factor === '0' ? ['factor-zero'] : []),
      ...(unit === 'GRM' && factor !== '0.001' && factor !== '0' ? ['factor-contradicts'] : []),
      ...(currency === 'ZZZ' ? ['currency-unknown'] : []),
      ...(input === item && !rework ? ['recipe-loop'] : []),
    ].sort(),
  }));

interface Model {
  standing: string | null;
}
interface Real {
  state: ItemState;
}

const outcome = (real: Real, command: ItemCommand): string => {
  try {
    const events = itemDecider.decide(command, real.state);
    real.state = events.reduce(itemDecider.evolve, real.state);
    return `${events.length} events`;
  } catch (error) {
    if (!(error instanceof LotlineError)) throw error;
    return error.problems.length > 0
      ? error.problems
          .map(({ code }) => code)
          .sort()
          .join(' ')
      : error.code;
  }
};

const command = fc
  .tuple(fc.constantFrom('define' as const, 'change' as const), definition)
  .map(([type, { value, wrong }]): fc.Command<Model, Real> => ({
    check: () => true,
    run: (model, real) => {
      const content = canonicalJson(value);
      const expected =
        type === 'change' && model.standing === null
          ? 'item-unknown'
          : model.standing === content
            ? '0 events'
            : type === 'define' && model.standing !== null
              ? 'item-exists'
              : wrong.length > 0
                ? wrong.join(' ')
                : '1 events';
      const found = outcome(real, { type, definition: value, now });
      if (found !== expected) throw new Error(`${found}, the model says ${expected}`);
      if (expected === '1 events') model.standing = content;
      if ((real.state && canonicalJson(real.state)) !== model.standing) throw new Error('it stands otherwise');
    },
    toString: () => `${type} ${canonicalJson(value)}`,
  }));

describe('any sequence of commands to an item', () => {
  it('is decided as the model says, with exactly the reasons there are', () => {
    fc.assert(
      fc.property(fc.commands([command], { maxCommands: 30, size: 'max' }), (sequence) => {
        fc.modelRun(() => ({ model: { standing: null }, real: { state: null } }), sequence);
      }),
    );
  });
});
