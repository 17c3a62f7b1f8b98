import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { writeSettings } from '../../deploy/local/index.js';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lotline-settings-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

it('the file of settings gives a shell each value as it is, and is for its owner alone', async () => {
  const file = join(directory, 'env');
  const settings = {
    LOTLINE_API_KEYS: 'operator 41ab *;service e5ad *,service:act-for',
    DATABASE_URL: `postgres://lotline:$HOME\`id\`"it's"@127.0.0.1/lotline`,
  };
  await writeSettings(file, settings);
  const { stdout } = await promisify(execFile)('/bin/sh', ['-c', `set -a; . '${file}'; set +a; exec env`], { env: {} });
  for (const [name, value] of Object.entries(settings)) expect(stdout.split('\n')).toContain(`${name}=${value}`);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});
