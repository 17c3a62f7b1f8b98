import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = new URL('../../../', import.meta.url);
const REGISTER = new URL('libs/testkit/src/run-ts/register.mjs', root).href;
const CLI = 'apps/standalone/src/cli/main';

/** What is run: the built product, or its sources, which need no build and start a little slower. */
export type Build = 'dist' | 'sources';

/** Arguments of `node` for a main file, e.g. `apps/relay/src/main`. */
export const nodeArguments = (build: Build, main: string): string[] =>
  build === 'dist'
    ? ['--enable-source-maps', fileURLToPath(new URL(`dist/${main}.js`, root))]
    : [...['--no-warnings', '--enable-source-maps', '--import', REGISTER], fileURLToPath(new URL(`${main}.ts`, root))];

/** This process's environment with settings of the product; Jest's and npm's options for Node are not for it. */
export const environment = (settings: Readonly<Record<string, string>>): NodeJS.ProcessEnv => {
  const { NODE_OPTIONS: _ours, ...inherited } = process.env;
  return { ...inherited, ...settings };
};

/**
 * `npm run lotline -- …` with these settings.
 * @returns what it printed.
 * @throws with what it said, where it fails.
 */
export const lotline = async (
  build: Build,
  settings: Readonly<Record<string, string>>,
  ...command: string[]
): Promise<string> => {
  const { stdout } = await promisify(execFile)(process.execPath, [...nodeArguments(build, CLI), ...command], {
    cwd: root,
    env: environment(settings),
  });
  return stdout;
};
