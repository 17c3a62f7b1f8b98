import { describe, it } from '@jest/globals';
import { chaosRound } from './specs/chaos.spec.js';

describe('projections under chaos', () => {
  // A seed that once failed stays here for good.
  it.each([1, 20_260_101, 77_003])(
    'seed %d: every event once and in order, or parked, and a rebuild is equal',
    (seed) => chaosRound(seed, 40),
  );
});
