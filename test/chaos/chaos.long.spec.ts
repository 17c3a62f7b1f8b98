import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import { APPS } from '../../deploy/local/cluster/apps.js';
import { figuresText, REPORT_HEAD, reportRow } from './report/figures.js';
import { runChaos } from './run-chaos.js';

const MINUTES = Number(process.env.LOTLINE_CHAOS_MINUTES ?? 60);
const REPORT = process.env.LOTLINE_CHAOS_REPORT ?? join(tmpdir(), 'lotline-chaos.md');
jest.setTimeout((MINUTES + 30) * 60_000);

const say = (line: string): void => void process.stdout.write(`${line}\n`);

describe('a cluster with two of each worker, killed at will', () => {
  it(`loses nothing and doubles nothing in ${MINUTES} minutes of fresh seeds`, async () => {
    const failed: { seed: number; directory: string; findings: readonly string[] }[] = [];
    await appendFile(REPORT, `${REPORT_HEAD}\n`);
    for (const until = Date.now() + MINUTES * 60_000; Date.now() < until;) {
      const seed = Math.floor(Math.random() * 1_000_000);
      const directory = await mkdtemp(join(tmpdir(), `lotline-chaos-${seed}-`));
      const figures = await runChaos({
        ...{ seed, kills: 40, clients: 6, directory, say },
        pairs: APPS,
      });
      say(figuresText(figures));
      await appendFile(REPORT, `${reportRow(figures)}\n`);
      if (figures.findings.length > 0) failed.push({ seed, directory, findings: figures.findings });
      else await rm(directory, { recursive: true, force: true });
    }
    expect(failed).toEqual([]);
  });
});
