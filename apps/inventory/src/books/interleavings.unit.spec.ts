import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import { allocateFefo, asked, others } from './interleavings.fixture.js';

// Thousands more on fresh seeds: interleavings.long.spec.ts.
describe('whatever order things happen in on one hot item', () => {
  it('64 callers of 4 processes are each answered, rightly, and nothing is oversold', async () => {
    const commands = fc.oneof({ weight: 3, arbitrary: allocateFefo }, { weight: 1, arbitrary: others });
    await fc.assert(asked({ min: 64, max: 64 }, commands), { numRuns: 10 });
  });

  it('a few callers are, in a thousand interleavings', async () => {
    await fc.assert(asked({ min: 2, max: 6 }, fc.oneof(allocateFefo, others)), { numRuns: 1_000 });
  });
});
