import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { keepAlive, manageProcess } from '../../deploy/local/index.js';
import { until } from '../support/start-standalone.js';

/** Says that it has started, ends with status 1 while `ends` is there, else stays. */
const PROGRAM = `
  const { appendFileSync, existsSync } = require('node:fs');
  appendFileSync('starts', process.pid + '\\n');
  if (existsSync('ends')) process.exit(1);
  appendFileSync('ready', process.pid + '\\n');
  setInterval(() => undefined, 1000);`;

describe('what keeps a process running', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'lotline-keep-'));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  const pidsIn = async (file: string): Promise<number[]> =>
    (await readFile(join(directory, file), 'utf8').catch(() => '')).split('\n').filter(Boolean).map(Number);

  it('starts one that ends while it starts again and again, and never two of it', async () => {
    const managed = manageProcess({
      name: 'kept',
      command: '/bin/sh',
      args: ['-c', `cd '${directory}' && exec '${process.execPath}' -e "$0"`, PROGRAM],
      env: {},
      logFile: join(directory, 'log'),
      pidFile: join(directory, 'pid'),
      isReady: async () => (await pidsIn('ready')).includes(managed.pid() ?? 0),
    });
    const said: string[] = [];
    const tries = (): number => said.filter((line) => line.includes('Starting it again in')).length;
    await managed.start();
    const stopKeeping = keepAlive(managed, (line) => said.push(line));
    try {
      await writeFile(join(directory, 'ends'), '');
      process.kill(managed.pid()!, 'SIGKILL');
      await until('it was tried twice', () => Promise.resolve(tries() >= 2));
      await rm(join(directory, 'ends'));
      await until('it is back', () => Promise.resolve(said.includes('kept is back')));
      expect(said.filter((line) => line.includes('ended by itself'))).toEqual([
        'kept ended by itself (SIGKILL): starting it again',
      ]);
      expect(await pidsIn('starts')).toHaveLength(1 + tries() + 1);
      expect(await pidsIn('ready')).toHaveLength(2);
    } finally {
      stopKeeping();
      await managed.stop();
    }
  });
});
