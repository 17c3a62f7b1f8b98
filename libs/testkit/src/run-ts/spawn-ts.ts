import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface RunningTs {
  process: ChildProcess;
  /** Every line written to standard output so far. */
  lines: readonly string[];
  /** Standard error so far. */
  errors(): string;
  /**
   * Resolves with the first line, already written or to come, that matches.
   * @throws where the process ends without such a line; its standard error is in the message.
   */
  line(matches: RegExp | ((line: string) => boolean)): Promise<string>;
  /** Resolves when it has ended and all its output is in `lines`. */
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** SIGKILL: no handler runs, nothing is flushed. Resolves when it is gone. */
  kill(): Promise<void>;
}

const REGISTER = new URL('./register.mjs', import.meta.url);

/**
 * Runs a TypeScript file of the sources in a process of its own, without a build.
 * @param file path or file URL, e.g. `new URL('./writer.ts', import.meta.url)`.
 * @param env added to this process's environment.
 */
export const spawnTs = (
  file: string | URL,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): RunningTs => {
  const path = file instanceof URL || file.startsWith('file:') ? fileURLToPath(file) : file;
  const { NODE_OPTIONS: _jestNeedsThem, ...inherited } = process.env;
  const child = spawn(
    process.execPath,
    ['--no-warnings', '--enable-source-maps', '--import', REGISTER.href, path, ...args],
    { stdio: ['pipe', 'pipe', 'pipe'], env: { ...inherited, ...env } },
  );

  const lines: string[] = [];
  let errors = '';
  const heard = new Set<() => void>();
  const tell = (): void => {
    for (const listener of [...heard]) listener();
  };
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    tell();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  // Writing to a process that was killed is what chaos tests do.
  child.stdin.on('error', () => undefined);

  let over = false;
  const ended = once(child, 'close').then(([code, signal]) => {
    over = true;
    tell();
    return { code: code as number | null, signal: signal as NodeJS.Signals | null };
  });

  return {
    process: child,
    lines,
    errors: () => errors,
    ended,
    line: (matches) =>
      new Promise((resolve, reject) => {
        const isMatch = typeof matches === 'function' ? matches : (line: string): boolean => matches.test(line);
        let seen = 0;
        const look = (): void => {
          const found = lines.slice(seen).find(isMatch);
          seen = lines.length;
          if (found === undefined && !over) return;
          heard.delete(look);
          if (found !== undefined) resolve(found);
          else reject(new Error(`${path} ended without the line ${String(matches)}\n${errors}`));
        };
        heard.add(look);
        look();
      }),
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
};
