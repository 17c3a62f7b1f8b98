import { describe, it } from '@jest/globals';
import { runChaosRound } from './chaos-round.fixture.js';

/** A seed that fails here becomes a fixed one in chaos.int.spec.ts. */
const seeds = Array.from({ length: 8 }, () => Math.floor(Math.random() * 1_000_000));

describe('readers under 32 concurrent writers, fresh seeds', () => {
  it.each(seeds)('see every acknowledged event once, in order and without gaps (seed %i)', (seed) =>
    runChaosRound({ seed, processes: 4, writersPerProcess: 8, appendsPerWriter: 120, kills: 5 }),
  );
});
