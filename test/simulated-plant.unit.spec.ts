import { describe, expect, it } from '@jest/globals';
import { allKinds, eventOf, randomOf, simulate, withErrors } from '#simulator';
import { errorsMissed, unlikeTheTruth } from './support/against-the-truth.js';

/** A run of fresh seeds is in simulated-plant.long.spec.ts. */
describe('simulated plants and what ledger and trace say of them, in memory', () => {
  it.each([11, 12, 13])('seed %i in any order: everything as in truth, nothing to explain', async (seed) => {
    const simulation = simulate({ seed, size: 'small' });
    const events = [...simulation.acts].map((act) => eventOf(simulation.world, act));
    expect(await unlikeTheTruth(simulation, randomOf(seed, 'order').shuffled(events))).toEqual([]);
  });

  it.each([21, 22, 23])(
    'seed %i with errors of all kinds: what can be seen is seen, the rest reaches no further than told',
    async (seed) => {
      const simulation = simulate({ seed, size: 'small' });
      const erring = withErrors(simulation, seed, allKinds(0.03));
      const events = [...erring.acts].map((act) => eventOf(simulation.world, act));
      const errors = erring.errors();
      expect(errors.filter(({ detectable }) => detectable).length).toBeGreaterThan(3);
      expect(await errorsMissed(simulation, events, errors)).toEqual([]);
      expect(await unlikeTheTruth(simulation, events, errors)).toEqual([]);
    },
  );
});
