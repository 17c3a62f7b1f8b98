import { mkdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lockDirectory } from '../../libs/platform/src/postgres/embedded/directory-lock.js';
import { freePort, isFree } from '../../libs/platform/src/postgres/embedded/free-port.js';

export interface OwnedDirectory {
  path: string;
  /** The port of last time under this name if it is free, else any free one, and the same from now on. */
  port(name: string): Promise<number>;
  release(): Promise<void>;
}

/**
 * A server's own directory, made if need be, for one owner at a time.
 * @throws where another living process owns it.
 */
export const ownDirectory = async (directory: string): Promise<OwnedDirectory> => {
  await mkdir(directory, { recursive: true });
  const path = await realpath(directory);
  const lock = await lockDirectory(path);
  return {
    path,
    release: () => lock.release(),
    port: async (name) => {
      const file = join(path, `${name}.port`);
      const remembered = Number(await readFile(file, 'utf8').catch(() => ''));
      const port =
        Number.isInteger(remembered) && remembered > 0 && (await isFree(remembered)) ? remembered : await freePort();
      await writeFile(file, `${port}\n`);
      return port;
    },
  };
};
