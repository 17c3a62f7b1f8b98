import { program } from '../../apps/standalone/src/cli/program.js';

export interface Ran {
  exitCode: number;
  printed: string;
}

/** Runs the operators' command line with these settings, in this process. @throws what a command ends with. */
export const lotlineWith = async (env: Readonly<Record<string, string>>, ...words: string[]): Promise<Ran> => {
  const printed: string[] = [];
  let exitCode = 0;
  await program({
    env: { LOG_LEVEL: 'fatal', ...env },
    print: (text) => printed.push(text),
    setExitCode: (code) => (exitCode = code),
    serve: () => Promise.reject(new Error('serving is not what this is for')),
  }).parseAsync(['node', 'lotline', ...words]);
  return { exitCode, printed: printed.join('\n') };
};

/** The same against a database of the standalone profile. */
export const lotlineCommand = (databaseUrl: string, ...words: string[]): Promise<Ran> =>
  lotlineWith({ DATABASE_URL: databaseUrl }, ...words);
