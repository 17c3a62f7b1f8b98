import { ConfigError, DatabaseUnusable, bootstrapApp, requireNode } from '#platform';
import { LotlineError } from '#kernel';
import { StandaloneModule } from '../standalone.module.js';
import { program } from './program.js';

requireNode();
try {
  await program({
    env: process.env,
    print: (text) => console.log(text),
    setExitCode: (code) => (process.exitCode = code),
    serve: () => bootstrapApp(StandaloneModule, { name: 'standalone' }),
  }).parseAsync(process.argv);
} catch (error) {
  const isExplained =
    error instanceof LotlineError || error instanceof ConfigError || error instanceof DatabaseUnusable;
  if (!isExplained) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
