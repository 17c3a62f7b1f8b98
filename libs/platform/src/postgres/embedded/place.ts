import { createHash } from 'node:crypto';
import { mkdir, realpath, stat, symlink } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { canEnter, type OsUser } from './os-user.js';

/**
 * Where the data directory really is. Its parent is made if need be. As root, the server's user must be able to get there:
 * below a home directory that only root may enter it cannot, and then the data lies in /var/lib/lotline, with a symlink at
 * the place asked for.
 * @returns the path with all symlinks resolved; the last part need not exist yet.
 */
export const placeOf = async (dataDir: string, user: OsUser, warn: (message: string) => void): Promise<string> => {
  const asked = resolve(dataDir);
  await mkdir(dirname(asked), { recursive: true, mode: 0o755 });
  const there = await realpath(asked).catch(() => undefined);
  if (there !== undefined) return there;
  const parent = await realpath(dirname(asked));
  if (canEnter(user, parent)) return join(parent, basename(asked));
  const name = createHash('sha256').update(asked).digest('hex').slice(0, 12);
  const elsewhere = join('/var/lib/lotline', name, 'postgres');
  await mkdir(dirname(elsewhere), { recursive: true, mode: 0o755 });
  await mkdir(elsewhere).catch(() => stat(elsewhere));
  await symlink(elsewhere, join(parent, basename(asked)));
  warn(`the server's user cannot reach ${asked}; the data is kept in ${elsewhere}, with a symlink there`);
  return elsewhere;
};
