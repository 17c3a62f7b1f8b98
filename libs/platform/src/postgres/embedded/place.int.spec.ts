import { chmod, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { canEnter, serverUser } from './os-user.js';
import { placeOf } from './place.js';

describe('the place of a data directory', () => {
  let parent: string;
  beforeEach(async () => {
    parent = await realpath(await mkdtemp(join(tmpdir(), 'lotline-place-')));
  });
  afterEach(() => rm(parent, { recursive: true, force: true }));

  it('is where it was asked for, if the server can go there, whether or not it may list what is above', async () => {
    const user = await serverUser();
    for (const mode of [0o755, 0o711]) {
      await chmod(parent, mode);
      const warnings: string[] = [];
      expect(await placeOf(join(parent, 'postgres'), user, (line) => void warnings.push(line))).toBe(
        join(parent, 'postgres'),
      );
      expect(warnings).toEqual([]);
    }
  });

  it('tells a directory that the server cannot go through, which is only ever so as root', async () => {
    await chmod(parent, 0o700);
    expect(canEnter(await serverUser(), parent)).toBe(process.getuid?.() !== 0);
  });
});
