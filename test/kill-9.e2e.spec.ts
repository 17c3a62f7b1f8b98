import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { spawnTs, type RunningTs } from '#testkit';
import { captureUntilKilled, everythingAcknowledged } from './support/kill-9.js';

/**
 * The whole product with its own PostgreSQL, killed without warning while clients capture. Rounds and acknowledgements are
 * counted, nothing is timed; the seed decides after how many acknowledgements the kill comes.
 */
const start = (dataDir: string): RunningTs =>
  spawnTs(new URL('../apps/standalone/src/main.ts', import.meta.url), [], {
    LOTLINE_DATA_DIR: dataDir,
    PORT: '0',
    LOG_LEVEL: 'info',
    LOG_FORMAT: 'json',
  });

const urlOf = async (running: RunningTs): Promise<string> => {
  const line = await running.line(/listens on http/);
  return (JSON.parse(line) as { url: string }).url;
};

describe('kill -9 during capture', () => {
  let dataDir: string;
  let running: RunningTs | undefined;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'lotline-kill-'));
    // As root the database server runs as a user of its own, who has to get there.
    await chmod(dataDir, 0o711);
  });
  afterEach(async () => {
    if (running) {
      running.process.kill('SIGTERM');
      await running.ended;
    }
    await rm(dataDir, { recursive: true, force: true });
  });

  it('keeps every acknowledged event once, and the next start goes on with the same database', async () => {
    const seed = Number(process.env.LOTLINE_SEED ?? 20260301);
    const [kills] = fc.sample(fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 3, maxLength: 3 }), {
      seed,
      numRuns: 1,
    });
    const acknowledged = { events: new Set<string>(), jobs: new Set<string>() };
    for (const [round, after] of (kills ?? []).entries()) {
      running = start(dataDir);
      const url = await urlOf(running);
      await everythingAcknowledged(url, acknowledged);
      await captureUntilKilled(url, `${seed}-${round}`, acknowledged, after, running);
      expect((await running.ended).signal).toBe('SIGKILL');
    }
    running = start(dataDir);
    await everythingAcknowledged(await urlOf(running), acknowledged);
    expect(acknowledged.events.size + acknowledged.jobs.size).toBeGreaterThanOrEqual(
      (kills ?? []).reduce((a, b) => a + b, 0),
    );
    running.process.kill('SIGTERM');
    expect((await running.ended).code).toBe(0);
    running = undefined;
  });
});
