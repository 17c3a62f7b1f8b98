import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type ManagedProcess, manageProcess } from './managed-process.js';
import { ownDirectory } from './owned-directory.js';

const run = promisify(execFile);

export interface RedisOptions {
  /** Its data and log; made if need be. */
  directory: string;
  /** Default: the one of last time if it is free, else any free one. */
  port?: number | undefined;
}

export interface LocalRedis extends ManagedProcess {
  /** `redis://127.0.0.1:6379`; the same after every restart. */
  readonly url: string;
  /** Stops it and gives its directory free. */
  close(): Promise<void>;
}

const isInstalled = (): Promise<boolean> =>
  run('redis-server', ['--version']).then(
    () => true,
    () => false,
  );

const canInstall = async (): Promise<boolean> =>
  process.getuid?.() === 0 &&
  (await run('apt-get', ['--version']).then(
    () => true,
    () => false,
  ));

/** @returns what is missing to run Redis here, and how to get it; undefined where nothing is, or we may install it. */
export const redisLacks = async (): Promise<string | undefined> =>
  (await isInstalled()) || (await canInstall())
    ? undefined
    : 'Redis needs redis-server on the PATH (Debian: apt-get install redis-server; macOS: brew install redis)';

/** By the system's package manager where we may use it. */
const install = async (): Promise<void> => {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update', '--quiet'], { env });
  await run('apt-get', ['install', '--yes', '--quiet', '--no-install-recommends', 'redis-server'], { env });
};

/** Whether a Redis is there; one that still reads its data says `-LOADING`. */
export const redisAnswers = async (port: number): Promise<boolean> => {
  const socket = connect(port, '127.0.0.1');
  socket.setTimeout(2_000, () => socket.destroy(new Error('no answer')));
  try {
    await once(socket, 'connect');
    socket.write('PING\r\n');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    return answer.toString().startsWith('+PONG');
  } finally {
    socket.destroy();
  }
};

/**
 * A real Redis on loopback, of the system's package; as root on Debian it is installed if it is missing. It keeps its data as
 * BullMQ wants it: nothing is evicted, every write is appended to a file that is synced once a second.
 * @throws where there is none, the directory has another owner, or it does not start (the end of its log is in the message).
 */
export const startRedis = async (options: RedisOptions): Promise<LocalRedis> => {
  const lacks = await redisLacks();
  if (lacks !== undefined) throw new Error(lacks);
  if (!(await isInstalled())) await install();
  const home = await ownDirectory(options.directory);
  try {
    const port = options.port ?? (await home.port('redis'));
    const server = manageProcess({
      name: 'Redis',
      command: 'redis-server',
      args: [
        ...['--bind', '127.0.0.1', '--port', String(port), '--dir', home.path],
        ...['--appendonly', 'yes', '--appendfsync', 'everysec', '--save', '', '--maxmemory-policy', 'noeviction'],
      ],
      env: process.env,
      logFile: join(home.path, 'redis.log'),
      pidFile: join(home.path, 'redis.pid'),
      isReady: () => redisAnswers(port),
    });
    await server.start();
    return {
      ...server,
      url: `redis://127.0.0.1:${port}`,
      close: async () => {
        await server.stop();
        await home.release();
      },
    };
  } catch (error) {
    await home.release();
    throw error;
  }
};
