import { describe, it } from '@jest/globals';
import { chaosRound } from './specs/chaos.spec.js';

const seeds = process.env.SEED
  ? process.env.SEED.split(',').map(Number)
  : Array.from({ length: 20 }, () => Math.floor(Math.random() * 2 ** 31));

describe('projections under chaos, fresh seeds', () => {
  // The seed stands in the test's name: run it again by SEED=…, several with commas.
  it.each(seeds)('seed %d', (seed) => chaosRound(seed, 150));
});
