import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, open, readFile, readdir, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Binaries } from './binaries.js';
import type { OsUser } from './os-user.js';

const run = promisify(execFile);

export const DATABASE_USER = 'lotline';

/** Beside the data directory, readable by its owner alone. Written before the cluster that is made with it. */
export const readOrMakePassword = async (dataDir: string): Promise<string> => {
  const file = `${dataDir}.password`;
  const known = await readFile(file, 'utf8').catch(() => '');
  if (known.trim() !== '') return known.trim();
  const password = randomBytes(24).toString('base64url');
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, `${password}\n`, { mode: 0o600, flush: true });
  await rename(draft, file);
  return password;
};

const giveTo = async (user: OsUser, path: string): Promise<void> => {
  if ('uid' in user) await chown(path, user.uid, user.gid);
};

const syncDirectory = async (directory: string): Promise<void> => {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

const removeUnfinished = async (dataDir: string): Promise<void> => {
  const parent = dirname(dataDir);
  const prefix = `${basename(dataDir)}.initialising-`;
  for (const name of await readdir(parent))
    if (name.startsWith(prefix))
      // An initdb that outlived its parent may still be writing there; it ends when its directory is gone.
      await rm(join(parent, name), { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
};

const requireVersion = async (dataDir: string, major: string): Promise<void> => {
  const version = (await readFile(join(dataDir, 'PG_VERSION'), 'utf8').catch(() => '')).trim();
  if (version === '') throw new Error(`${dataDir} exists but holds no PostgreSQL data`);
  if (version !== major)
    throw new Error(
      `${dataDir} was made by PostgreSQL ${version}, this is ${major}: move the data by pg_dump and restore`,
    );
};

/**
 * Makes the cluster once. It is made in a sibling directory, synced by initdb, and renamed: what bears the name is
 * complete, and an interrupted attempt is removed and made again by the next start. Under the directory's lock.
 */
export const initialiseOnce = async (
  dataDir: string,
  binaries: Binaries,
  user: OsUser,
  log: (message: string) => void,
): Promise<void> => {
  await removeUnfinished(dataDir);
  const found = await stat(dataDir).catch(() => undefined);
  // An empty directory may have been made by whoever prepared the machine.
  if (found?.isDirectory() && (await readdir(dataDir)).length === 0) await rmdir(dataDir);
  else if (found) {
    await requireVersion(dataDir, binaries.major);
    return;
  }
  log(`making a new PostgreSQL ${binaries.major} cluster in ${dataDir}`);
  const workshop = `${dataDir}.initialising-${randomBytes(4).toString('hex')}`;
  const pwfile = join(workshop, 'password');
  const draft = join(workshop, 'data');
  await mkdir(workshop, { mode: 0o700 });
  await writeFile(pwfile, `${await readOrMakePassword(dataDir)}\n`, { mode: 0o600 });
  await mkdir(draft, { mode: 0o700 });
  await chmod(draft, 0o700);
  for (const path of [pwfile, draft, workshop]) await giveTo(user, path);
  await run(
    binaries.initdb,
    [
      `--pgdata=${draft}`,
      `--username=${DATABASE_USER}`,
      `--pwfile=${pwfile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // The same order of texts on every machine, whatever its C library; upper and lower case by Unicode.
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
    ],
    { ...user, cwd: workshop, env: { ...process.env, LC_ALL: 'C' } },
  );
  await rename(draft, dataDir);
  await syncDirectory(dirname(dataDir));
  await rm(workshop, { recursive: true, force: true });
};
