import { execFile } from 'node:child_process';
import { readFile, readlink } from 'node:fs/promises';
import { basename } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface ProcessInfo {
  /** Base name of the program. */
  program: string;
  /** The whole command line, arguments joined by blanks. */
  commandLine: string;
  /** Seconds since 1970. */
  startedAt: number;
  /** Tells two processes with the same pid apart; compared for equality only. */
  startMark: string;
  /** Where the system tells. */
  cwd?: string;
}

const fromProc = async (pid: number): Promise<ProcessInfo | undefined> => {
  const [stat, cmdline, boot, hertz] = await Promise.all([
    readFile(`/proc/${pid}/stat`, 'utf8'),
    readFile(`/proc/${pid}/cmdline`, 'utf8'),
    readFile('/proc/stat', 'utf8'),
    clockTicks(),
  ]);
  // The second field, the name in brackets, may hold blanks and brackets itself.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z') return undefined;
  const ticks = Number(fields[19]);
  const bootTime = Number(/^btime (\d+)/m.exec(boot)?.[1]);
  const argv = cmdline.split('\0').filter(Boolean);
  const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => undefined);
  return {
    program: basename(argv[0] ?? ''),
    commandLine: argv.join(' '),
    startedAt: bootTime + ticks / hertz,
    startMark: String(ticks),
    ...(cwd === undefined ? {} : { cwd }),
  };
};

let ticksPerSecond: Promise<number> | undefined;
const clockTicks = (): Promise<number> =>
  (ticksPerSecond ??= run('getconf', ['CLK_TCK']).then(
    ({ stdout }) => Number(stdout),
    () => 100,
  ));

const fromPs = async (pid: number): Promise<ProcessInfo | undefined> => {
  const { stdout } = await run('ps', ['-o', 'lstart=,command=', '-p', String(pid)], {
    env: { ...process.env, LC_ALL: 'C' },
  });
  // "Mon Nov 23 08:47:08 2026 /path/to/postgres -D …"
  const m = /^\s*(\w+ +\w+ +\d+ +[\d:]+ +\d+) +(.*?)\s*$/.exec(stdout);
  if (!m) return undefined;
  const [, start = '', commandLine = ''] = m;
  return {
    program: basename(commandLine.split(' ')[0] ?? ''),
    commandLine,
    startedAt: Date.parse(start) / 1000,
    startMark: start,
  };
};

/** @returns undefined where there is no such process (any more), or it is dead and only not yet reaped. */
export const processInfo = (pid: number): Promise<ProcessInfo | undefined> =>
  (process.platform === 'linux' ? fromProc(pid) : fromPs(pid)).catch(() => undefined);
