import { randomBytes } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
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

/**
 * At most one Lotline process works with a data directory. The lock is a file beside it that names its owner by pid and
 * start time, so that the lock of a process that was killed is void, even if its pid lives again as something else.
 * @throws where a living process holds it.
 */
export const lockDirectory = async (directory: string): Promise<DirectoryLock> => {
  const file = `${directory}.lock`;
  const startMark = (await processInfo(process.pid))?.startMark ?? '';
  const mine = `${process.pid}\n${startMark}\n${randomBytes(8).toString('hex')}\n`;
  const draft = `${file}.${process.pid}-${randomBytes(4).toString('hex')}`;
  await writeFile(draft, mine);
  try {
    for (let attempt = 0; attempt < 20; attempt += 1) {
      // link() fails where the name exists, and what it makes is complete from the start.
      const made = await link(draft, file).then(
        () => true,
        (error: unknown) => {
          if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
          throw error;
        },
      );
      if (made) return { release: () => release(file, mine) };
      await removeVoid(directory, file);
    }
    throw inUse(directory, undefined);
  } finally {
    await rm(draft, { force: true });
  }
};

const removeVoid = async (directory: string, file: string): Promise<void> => {
  const found = await readFile(file, 'utf8').catch(() => undefined);
  if (found === undefined) return;
  if (await isAlive(parse(found))) throw inUse(directory, parse(found));
  const aside = `${file}.void-${randomBytes(4).toString('hex')}`;
  const moved = await rename(file, aside).then(
    () => true,
    () => false,
  );
  if (!moved) return;
  // Between reading and moving, another process may have done the same and taken the lock: give it back.
  const taken = await readFile(aside, 'utf8');
  if (taken !== found) await link(aside, file).catch(() => undefined);
  await rm(aside, { force: true });
};

const release = async (file: string, mine: string): Promise<void> => {
  const found = await readFile(file, 'utf8').catch(() => undefined);
  if (found === mine) await rm(file, { force: true });
};
