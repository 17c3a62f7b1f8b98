import { PlayFailed } from '../play.js';
import { program } from './program.js';

/** What a user can do something about is said in a line: a server that refuses, a file that cannot be written. */
const isExplained = (error: unknown): error is Error =>
  error instanceof PlayFailed || (error instanceof Error && 'code' in error && 'path' in error);

try {
  await program({ print: (text) => void process.stdout.write(`${text}\n`) }).parseAsync(process.argv);
} catch (error) {
  if (!isExplained(error)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
