import { describe, it } from '@jest/globals';
import { runChaosRound } from './chaos-round.fixture.js';

describe('readers under 32 concurrent writers in four processes, all of them killed on the way', () => {
  it.each([20260331])('see every acknowledged event once, in order and without gaps (seed %i)', (seed) =>
    runChaosRound({ seed, processes: 4, writersPerProcess: 8, appendsPerWriter: 60, kills: 2 }),
  );
});
