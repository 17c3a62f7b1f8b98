import { randomBytes } from 'node:crypto';
import { link, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { processInfo } from './process-info.js';

export interface DirectoryLock {
  release: () => Promise<void>;
}

interface Owner {
  pid: number;
  /** Tells its process from a later one with the same pid. */
  startMark: string;
}

const parse = (text: string): Owner | undefined => {
  const [pid, startMark] = text.trim().split('\n');
  return pid && /^\d+$/.test(pid) ? { pid: Number(pid), startMark: startMark ?? '' } : undefined;
};

const isAlive = async (owner: Owner | undefined): Promise<boolean> =>
  owner !== undefined && (await processInfo(owner.pid))?.startMark === owner.startMark;

const inUse = (directory: string, owner: Owner | undefined): Error =>
  new Error(
    `${directory} is in use by another Lotline (pid ${owner?.pid ?? 'unknown'}): stop it, or use another LOTLINE_DATA_DIR`,
  );

const numbersOf = async (directory: string): Promise<number[]> => {
  const prefix = `${basename(directory)}.lock.`;
  return (await readdir(dirname(directory)))
    .filter((name) => name.startsWith(prefix) && /^\d+$/.test(name.slice(prefix.length)))
    .map((name) => Number(name.slice(prefix.length)));
};

const madeLink = (from: string, to: string): Promise<boolean> =>
  link(from, to).then(
    () => true,
    (error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    },
  );

/**
 * At most one Lotline process works with a data directory. The lock is a numbered file beside it, `.lock.N`, that names its
 * owner by pid and start time, so that the lock of a process that was killed is void, even if its pid lives again as
 * something else. The highest number counts and is never removed, only replaced by a higher one: removing a void lock
 * would be a race in which somebody who looked a moment ago removes the lock of whoever took it meanwhile.
 * @throws where a living process holds it.
 */
export const lockDirectory = async (directory: string): Promise<DirectoryLock> => {
  const startMark = (await processInfo(process.pid))?.startMark ?? '';
  const draft = `${directory}.lock-${process.pid}-${randomBytes(4).toString('hex')}`;
  const fileOf = (n: number): string => `${directory}.lock.${n}`;
  await writeFile(draft, `${process.pid}\n${startMark}\n`);
  try {
    for (let attempt = 0; attempt < 50; attempt += 1) {
      const highest = Math.max(0, ...(await numbersOf(directory)));
      const owner = parse(await readFile(fileOf(highest), 'utf8').catch(() => ''));
      if (await isAlive(owner)) throw inUse(directory, owner);
      // link() fails where the name exists, and what it makes is complete from the start.
      const mine = highest + 1;
      if (!(await madeLink(draft, fileOf(mine)))) continue;
      const numbers = await numbersOf(directory);
      if (Math.max(...numbers) === mine) {
        for (const lower of numbers) if (lower < mine) await rm(fileOf(lower), { force: true });
        return { release: () => release(fileOf(mine)) };
      }
      // The number was free only because somebody had it, went, and was followed by higher ones since we looked.
      await rm(fileOf(mine), { force: true });
    }
    throw inUse(directory, undefined);
  } finally {
    await rm(draft, { force: true });
  }
};

const release = async (file: string): Promise<void> => {
  await writeFile(`${file}-released`, 'released\n');
  await rename(`${file}-released`, file);
};
