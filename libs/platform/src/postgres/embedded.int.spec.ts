import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, watch } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { spawnTs, type RunningTs } from '../../../testkit/src/run-ts/spawn-ts.js';
import { type EmbeddedPostgres, type EmbeddedPostgresOptions, startEmbeddedPostgres } from './embedded.js';
import { serverUser } from './embedded/os-user.js';
import { readPostmasterFile } from './embedded/postmaster.js';
import { processInfo } from './embedded/process-info.js';
import { stopServer } from './embedded/stop-server.js';

describe('the embedded PostgreSQL', () => {
  let made: string;
  let parent: string;
  let dataDir: string;
  let owners: RunningTs[];
  let servers: EmbeddedPostgres[];
  const said: string[] = [];
  const log = { info: (line: string) => void said.push(line), warn: (line: string) => void said.push(line) };

  const directory = async (): Promise<string> => {
    const path = await mkdtemp(join(tmpdir(), 'lotline-embedded-'));
    chmodSync(path, 0o755);
    return path;
  };
  const copyMadeTo = (name: string): void => {
    for (const suffix of ['', '.password'])
      execFileSync('cp', ['-a', join(made, `postgres${suffix}`), join(parent, `${name}${suffix}`)]);
  };

  // Making a cluster takes seconds: all but the tests of that start from a copy of one.
  beforeAll(async () => {
    made = await directory();
    await (await startEmbeddedPostgres({ dataDir: join(made, 'postgres'), log })).stop();
  });
  afterAll(() => rm(made, { recursive: true, force: true }));
  beforeEach(async () => {
    parent = await directory();
    dataDir = join(parent, 'postgres');
    owners = [];
    servers = [];
    said.length = 0;
  });
  afterEach(async () => {
    await Promise.all(owners.map((owner) => owner.kill()));
    await Promise.all(servers.map((server) => server.stop()));
    const left = await readPostmasterFile(dataDir);
    if (left) await stopServer(left.pid);
    await rm(parent, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  });

  const start = async (options: Partial<EmbeddedPostgresOptions> = {}): Promise<EmbeddedPostgres> => {
    const server = await startEmbeddedPostgres({ dataDir, log, ...options });
    servers.push(server);
    return server;
  };
  const own = (): RunningTs => {
    const owner = spawnTs(new URL('./embedded/owner.fixture.ts', import.meta.url), [dataDir]);
    owners.push(owner);
    return owner;
  };
  const ask = async (url: string, sql: string): Promise<unknown[]> => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end();
    }
  };
  const postmaster = async (): Promise<number> => (await readPostmasterFile(dataDir))!.pid;

  it('that is killed under its owner is started again under the same URL, with all that was committed', async () => {
    copyMadeTo('postgres');
    const server = await start();
    await ask(server.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    const pid = await postmaster();
    process.kill(pid, 'SIGKILL');
    let kept: unknown[] = [];
    while (kept.length === 0) kept = await ask(server.url, 'SELECT answer FROM kept').catch(() => []);
    expect(kept).toEqual([{ answer: 42 }]);
    const next = await postmaster();
    expect(next).not.toBe(pid);
    expect(said).toContainEqual(expect.stringContaining(`(pid ${pid}) has ended by itself`));
    await server.stop();
    expect(await processInfo(next)).toBeUndefined();
  });

  it('is made once, durable and private, and comes back with its data under the same URL', async () => {
    const first = await start();
    await ask(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    expect(
      await ask(
        first.url,
        `SELECT current_setting('fsync') AS f, current_setting('full_page_writes') AS p, current_database() AS d`,
      ),
    ).toEqual([{ f: 'on', p: 'on', d: 'lotline' }]);
    const pid = await postmaster();
    await first.stop();
    expect(await processInfo(pid)).toBeUndefined();
    expect((await stat(`${dataDir}.password`)).mode & 0o777).toBe(0o600);

    const second = await start();
    expect(second.url).toBe(first.url);
    expect(second.adopted).toBe(false);
    expect(await ask(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    const wrong = second.url.replace(/:[^:@]+@/, ':guess@');
    await expect(ask(wrong, 'SELECT 1')).rejects.toThrow('password authentication failed');
  });

  it('refuses a second process, and stops in order when its owner asks', async () => {
    copyMadeTo('postgres');
    const owner = own();
    await owner.line(/^ready/);
    await expect(start()).rejects.toThrow(`in use by another Lotline (pid ${owner.process.pid})`);
    const pid = await postmaster();
    owner.process.stdin!.write('stop\n');
    expect(await owner.ended).toEqual({ code: 0, signal: null });
    expect(await processInfo(pid)).toBeUndefined();
    expect(await readFile(`${dataDir}.log`, 'utf8')).not.toContain('immediate shutdown');
    const after = await start();
    expect(await ask(after.url, 'SELECT by_pid FROM kept')).toEqual([{ by_pid: owner.process.pid }]);
  });

  it('adopts the server of an owner that was killed, and stops that', async () => {
    copyMadeTo('postgres');
    const owner = own();
    await owner.line(/^ready/);
    const pid = await postmaster();
    await owner.kill();
    expect(await processInfo(pid)).toBeDefined();
    const next = await start();
    expect(next.adopted).toBe(true);
    expect(await postmaster()).toBe(pid);
    expect(await ask(next.url, 'SELECT by_pid FROM kept')).toEqual([{ by_pid: owner.process.pid }]);
    await next.stop();
    expect(await processInfo(pid)).toBeUndefined();
  });

  it('stops a server left behind that does not answer, and starts it again with its data', async () => {
    copyMadeTo('postgres');
    const owner = own();
    await owner.line(/^ready/);
    const pid = await postmaster();
    await owner.kill();
    process.kill(pid, 'SIGSTOP');
    const next = await start({ adoptWithin: 100 });
    expect(next.adopted).toBe(false);
    expect(await processInfo(pid)).toBeUndefined();
    expect(await postmaster()).not.toBe(pid);
    expect(await ask(next.url, 'SELECT by_pid FROM kept')).toEqual([{ by_pid: owner.process.pid }]);
  });

  it('recovers a server that was killed itself, and leaves alone whoever has its pid now', async () => {
    copyMadeTo('postgres');
    const owner = own();
    await owner.line(/^ready/);
    await owner.kill();
    process.kill(await postmaster(), 'SIGKILL');
    const innocent = spawn('sleep', ['600'], { ...(await serverUser()), stdio: 'ignore' });
    try {
      const file = join(dataDir, 'postmaster.pid');
      const [, ...rest] = (await readFile(file, 'utf8')).split('\n');
      await writeFile(file, [String(innocent.pid), ...rest].join('\n'));
      const next = await start();
      expect(next.adopted).toBe(false);
      expect(await ask(next.url, 'SELECT by_pid FROM kept')).toEqual([{ by_pid: owner.process.pid }]);
      expect(innocent.exitCode ?? innocent.signalCode).toBeNull();
      expect((await processInfo(innocent.pid!))?.program).toBe('sleep');
    } finally {
      innocent.kill('SIGKILL');
      await once(innocent, 'exit');
    }
  });

  it('does not take a living postgres of another directory for its own', async () => {
    copyMadeTo('postgres');
    copyMadeTo('other');
    const other = await start({ dataDir: join(parent, 'other') });
    const otherPid = (await readPostmasterFile(join(parent, 'other')))!.pid;
    await (await start()).stop();
    const [, , ...rest] = (await readFile(join(parent, 'other', 'postmaster.pid'), 'utf8')).split('\n');
    await writeFile(join(dataDir, 'postmaster.pid'), [String(otherPid), dataDir, ...rest].join('\n'));
    const mine = await start();
    expect(mine.adopted).toBe(false);
    expect(mine.url).not.toBe(other.url);
    expect(await ask(other.url, 'SELECT 1 AS alive')).toEqual([{ alive: 1 }]);
  });

  it('makes it again where making it was interrupted', async () => {
    const begun = new Promise<void>((resolve) => {
      const watcher = watch(parent, (_, name) => {
        if (name?.includes('.initialising-')) {
          watcher.close();
          resolve();
        }
      });
    });
    const owner = own();
    await begun;
    await owner.kill();
    expect(existsSync(dataDir)).toBe(false);
    const server = await start();
    expect(await ask(server.url, 'SELECT 1 AS alive')).toEqual([{ alive: 1 }]);
    expect((await readdir(parent)).filter((name) => name.includes('.initialising-'))).toEqual([]);
  });

  it('takes another port when somebody has the one of last time', async () => {
    copyMadeTo('postgres');
    const first = await start();
    const port = Number(new URL(first.url).port);
    await first.stop();
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    const second = await start();
    expect(Number(new URL(second.url).port)).not.toBe(port);
    server.close();
  });

  it('refuses a directory that holds something else', async () => {
    await mkdir(dataDir);
    await writeFile(join(dataDir, 'letter.txt'), 'dear');
    await expect(start()).rejects.toThrow(`${basename(dataDir)} exists but holds no PostgreSQL data`);
    expect(await readdir(dataDir)).toEqual(['letter.txt']);
    // And gives it free again: the reason is the same the next time.
    await expect(start()).rejects.toThrow('holds no PostgreSQL data');
  });
});
