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

  it('has one holder at a time and leaves nothing behind', async () => {
    const first = await lockDirectory(directory);
    await expect(lockDirectory(directory)).rejects.toThrow(`in use by another Lotline (pid ${process.pid})`);
    await first.release();
    await (await lockDirectory(directory)).release();
    expect(await readdir(parent)).toEqual([]);
  });

  it.each([
    ['a process that is no more', '4194999\n12345\nx\n'],
    ['an earlier process with the pid of one that lives', `${process.pid}\n1\nx\n`],
    ['nobody that could be read', 'garbage'],
  ])('is void when held by %s, and of many who find that out one gets it', async (_, content) => {
    await writeFile(`${directory}.lock`, content);
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => lockDirectory(directory)));
    const holders = outcomes.filter((outcome) => outcome.status === 'fulfilled');
    expect(holders).toHaveLength(1);
    expect((await readFile(`${directory}.lock`, 'utf8')).split('\n')[0]).toBe(String(process.pid));
    await holders[0]!.value.release();
    expect(await readdir(parent)).toEqual([]);
  });
});
