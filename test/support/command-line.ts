import { program } from '../../apps/standalone/src/cli/program.js';

/** Runs the operators' command line against a database, in this process. */
export const lotlineCommand = async (
  databaseUrl: string,
  ...words: string[]
): Promise<{ exitCode: number; printed: string }> => {
  const printed: string[] = [];
  let exitCode = 0;
  await program({
    env: { DATABASE_URL: databaseUrl, LOG_LEVEL: 'fatal' },
    print: (text) => printed.push(text),
    setExitCode: (code) => (exitCode = code),
    serve: () => Promise.reject(new Error('serving is not what this is for')),
  }).parseAsync(['node', 'lotline', ...words]);
  return { exitCode, printed: printed.join('\n') };
};
