import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { endLeftover, forget, remember } from './leftover.js';
import { tether } from './tether.js';

export interface ProcessSpec {
  /** For messages, e.g. `Kafka`. */
  name: string;
  command: string;
  args: readonly string[];
  /** The whole environment. */
  env: NodeJS.ProcessEnv;
  /** Standard output and standard error are appended to it. */
  logFile: string;
  /** Names the running process, so that the next start ends one that a killed parent left behind. */
  pidFile: string;
  /** Whether it can be used now; asked again until it is true. May throw, which means no. */
  isReady: () => Promise<boolean>;
  /** Milliseconds to become ready; default 60,000. */
  readyWithin?: number;
  /** Milliseconds for an orderly end before SIGKILL; default 30,000. */
  stopWithin?: number;
}

export interface End {
  /** True where `stop` or `kill` asked for it. */
  expected: boolean;
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A process of ours on this machine that can be stopped, killed and started again at will, on the same port and data. */
export interface ManagedProcess {
  readonly name: string;
  /** Of the process that runs now. */
  pid(): number | undefined;
  /** Resolves when it is ready; at once where it runs. @throws where it ends or takes too long, with the end of its log. */
  start(): Promise<void>;
  /** Orderly (SIGTERM), at last SIGKILL. Resolves when it is gone; at once where it does not run. */
  stop(): Promise<void>;
  /** SIGKILL. Resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGSTOP: it stands still with all it holds. */
  pause(): void;
  /** SIGCONT. */
  resume(): void;
  /** Told of every end. */
  onEnd(listener: (end: End) => void): void;
}

const LOOK_EVERY_MS = 50;

/** The end of what it wrote, for an error message. */
const tailOf = async (logFile: string): Promise<string> =>
  (await readFile(logFile, 'utf8').catch(() => '')).slice(-2_000).trim();

const launch = ({ command, args, env, logFile }: ProcessSpec): ChildProcess => {
  mkdirSync(dirname(logFile), { recursive: true });
  const output = openSync(logFile, 'a', 0o600);
  try {
    // A session of its own: a Ctrl-C in the terminal reaches the parent only, which ends everything in order.
    return spawn(command, args, { detached: true, env, stdio: ['ignore', output, output] });
  } finally {
    closeSync(output);
  }
};

/** Does not start it yet. A parent that is killed takes the process along (see tether.ts). */
export const manageProcess = (spec: ProcessSpec): ManagedProcess => {
  const { name, logFile, pidFile, isReady, readyWithin = 60_000, stopWithin = 30_000 } = spec;
  const listeners: ((end: End) => void)[] = [];
  let running: { child: ChildProcess; ended: Promise<unknown>; isOver: () => boolean } | undefined;
  let isExpected = false;

  const signal = (what: NodeJS.Signals): void => void running?.child.kill(what);

  const run = (): NonNullable<typeof running> => {
    const child = launch(spec);
    isExpected = false;
    let over = false;
    const ended = once(child, 'exit')
      .catch((error: unknown) => [null, null, error])
      .then(([code, by]) => {
        over = true;
        running = undefined;
        letGo();
        const end = { expected: isExpected, code: code as number | null, signal: by as NodeJS.Signals | null };
        for (const listener of listeners) listener(end);
      });
    const letGo = child.pid === undefined ? () => undefined : tether(child.pid);
    child.unref();
    return { child, ended, isOver: () => over };
  };

  const untilReady = async ({ isOver }: NonNullable<typeof running>): Promise<void> => {
    const until = Date.now() + readyWithin;
    while (!(await isReady().catch(() => false))) {
      if (isOver()) throw new Error(`${name} ended while it started:\n${await tailOf(logFile)}`);
      if (Date.now() > until)
        throw new Error(`${name} was not ready within ${readyWithin} ms:\n${await tailOf(logFile)}`);
      await after(LOOK_EVERY_MS);
    }
  };

  const end = async (how: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    const current = running;
    if (!current) return;
    isExpected = true;
    signal(how);
    // One that stands still takes no other signal until it goes on.
    signal('SIGCONT');
    const late = setTimeout(() => signal('SIGKILL'), stopWithin);
    await current.ended;
    clearTimeout(late);
    await forget(pidFile);
  };

  return {
    name,
    pid: () => running?.child.pid,
    start: async () => {
      if (running) return;
      await endLeftover(pidFile);
      running = run();
      const current = running;
      try {
        if (current.child.pid !== undefined) await remember(pidFile, current.child.pid);
        await untilReady(current);
      } catch (error) {
        await end('SIGKILL');
        throw error;
      }
    },
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    pause: () => signal('SIGSTOP'),
    resume: () => signal('SIGCONT'),
    onEnd: (listener) => void listeners.push(listener),
  };
};
