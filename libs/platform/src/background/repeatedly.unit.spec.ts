import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createLogger } from '../logging/logger.js';
import { repeatedly } from './repeatedly.js';

describe('work done repeatedly', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());
  const options = { everyMs: 1000, logger: createLogger({ level: 'silent', name: 'test' }), failed: 'a round failed' };

  it('is done one round at a time, goes on after a failure, and stops when the round under way has ended', async () => {
    const rounds: { end: () => void; fail: (error: Error) => void }[] = [];
    const repeated = repeatedly(
      () => new Promise<void>((resolve, reject) => rounds.push({ end: resolve, fail: reject })),
      options,
    );
    repeated.start();
    await jest.advanceTimersByTimeAsync(3500);
    expect(rounds).toHaveLength(1);
    rounds[0]?.fail(new Error('the database is away'));
    await jest.advanceTimersByTimeAsync(1000);
    expect(rounds).toHaveLength(2);

    let stopped = false;
    const stopping = repeated.stop().then(() => (stopped = true));
    await jest.advanceTimersByTimeAsync(5000);
    expect([rounds.length, stopped]).toEqual([2, false]);
    rounds[1]?.end();
    await stopping;
    await jest.advanceTimersByTimeAsync(5000);
    expect(rounds).toHaveLength(2);
  });
});
