import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { lockDirectory } from './directory-lock.js';

describe('the lock of a data directory', () => {
  let parent: string;
  let directory: string;
  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'lotline-lock-'));
    directory = join(parent, 'postgres');
  });
  afterEach(() => rm(parent, { recursive: true, force: true }));

  it('has one holder at a time', async () => {
    const first = await lockDirectory(directory);
    await expect(lockDirectory(directory)).rejects.toThrow(`in use by another Lotline (pid ${process.pid})`);
    await first.release();
    const second = await lockDirectory(directory);
    await expect(lockDirectory(directory)).rejects.toThrow('in use');
    await second.release();
    expect(await readdir(parent)).toEqual(['postgres.lock.2']);
  });

  it('never has two holders while many take and release it in turns', async () => {
    let holding = 0;
    let taken = 0;
    const contend = async (): Promise<void> => {
      while (taken < 100) {
        const lock = await lockDirectory(directory).catch(() => undefined);
        if (!lock) continue;
        taken += 1;
        holding += 1;
        expect(holding).toBe(1);
        await readdir(parent);
        holding -= 1;
        await lock.release();
      }
    };
    await Promise.all(Array.from({ length: 6 }, contend));
    expect(taken).toBeGreaterThanOrEqual(100);
  });

  it.each([
    ['a process that is no more', '4194999\n12345\nx\n'],
    ['an earlier process with the pid of one that lives', `${process.pid}\n1\nx\n`],
    ['nobody that could be read', 'garbage'],
  ])('is void when held by %s, and of many who find that out one gets it', async (_, content) => {
    await writeFile(`${directory}.lock.5`, content);
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => lockDirectory(directory)));
    const holders = outcomes.filter((outcome) => outcome.status === 'fulfilled');
    expect(holders).toHaveLength(1);
    expect(await readdir(parent)).toEqual(['postgres.lock.6']);
    expect((await readFile(`${directory}.lock.6`, 'utf8')).split('\n')[0]).toBe(String(process.pid));
    await holders[0]!.value.release();
    await (await lockDirectory(directory)).release();
  });
});
