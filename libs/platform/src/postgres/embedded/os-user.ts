import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Whom the server runs as: PostgreSQL refuses root. Empty: whoever we are. */
export type OsUser = { uid: number; gid: number } | Record<string, never>;

const NAME = 'postgres';

const idOf = async (flag: '-u' | '-g'): Promise<number> => Number((await run('id', [flag, NAME])).stdout.trim());

/** As root the OS user `postgres`, made if there is none. */
export const serverUser = async (): Promise<OsUser> => {
  if (process.getuid?.() !== 0) return {};
  const exists = await run('id', [NAME]).then(
    () => true,
    () => false,
  );
  if (!exists) {
    // -r: a system account without home and log-in; -U: with a group of the same name.
    await run('useradd', ['-r', '-U', '-M', NAME]).catch((cause: unknown) => {
      throw new Error('PostgreSQL does not run as root, and no OS user "postgres" could be made for it', { cause });
    });
  }
  return { uid: await idOf('-u'), gid: await idOf('-g') };
};

const passes = (user: OsUser, test: '-r' | '-x', path: string): boolean =>
  spawnSync('/bin/sh', ['-c', `test ${test} "$1"`, 'sh', path], { ...user, stdio: 'ignore', cwd: '/' }).status === 0;

/** Whether the server's user can read a file. */
export const canRead = (user: OsUser, file: string): boolean => passes(user, '-r', file);

/** Whether the server's user can go through a directory and all above it; it need not be allowed to list them. */
export const canEnter = (user: OsUser, directory: string): boolean => passes(user, '-x', directory);
