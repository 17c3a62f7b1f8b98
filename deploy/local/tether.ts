import { spawn } from 'node:child_process';

/**
 * Its standard input is a pipe that only the parent holds open, so it ends when the parent does, however that comes about;
 * then the process is asked to end, and made to after half a minute. A stopped process takes the request when it goes on.
 */
const SCRIPT = `cat >/dev/null
kill -TERM "$1" && kill -CONT "$1" || exit 0
n=0
while kill -0 "$1" && [ $n -lt 300 ]; do sleep 0.1; n=$((n+1)); done
kill -KILL "$1"`;

/**
 * A process in a session of its own outlives a parent that is killed; on this tether it does not.
 * @returns lets go of it, for when the process has ended: its id may soon be somebody else's.
 */
export const tether = (pid: number): (() => void) => {
  const watcher = spawn('/bin/sh', ['-c', SCRIPT, 'tether', String(pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watcher.unref();
  watcher.on('error', () => undefined);
  const pipe = watcher.stdin as typeof watcher.stdin & { unref?: () => void };
  pipe.on('error', () => undefined);
  pipe.unref?.();
  return () => void watcher.kill('SIGKILL');
};
