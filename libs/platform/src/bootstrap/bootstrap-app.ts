import type { Type } from '@nestjs/common';
import { ConfigError } from '../config/read-config.js';
import { DatabaseUnusable } from '../postgres/require-database.js';
import { onStopSignals } from './stop-signals.js';
import { startApp, type RunningApp, type StartOptions } from './start-app.js';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * What an app's main.ts does: start, then stop in order on SIGTERM or SIGINT and end with status 0. A signal more
 * than a second later, or LOTLINE_STOP_TIMEOUT_MS, ends it at once. A start that fails says why on standard error and ends with status 1.
 */
export const bootstrapApp = async (module: Type, options: StartOptions): Promise<RunningApp> => {
  requireNode();
  try {
    const running = await startApp(module, options);
    stopOnSignals(running);
    return running;
  } catch (error) {
    process.stderr.write(`${options.name} could not start: ${reasonOf(error)}\n`);
    process.exit(1);
  }
};

/** What an operator can put right by himself needs no stack. */
const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof ConfigError || error instanceof DatabaseUnusable) return error.message;
  const { code, syscall } = error as NodeJS.ErrnoException;
  // SQLSTATE insufficient_privilege
  if (code === '42501')
    return `${error.message}: the user of DATABASE_URL must own what Lotline made there and may CREATE in the database`;
  if (code === 'EADDRINUSE') return `${error.message}: set PORT to a free one`;
  if (syscall === 'listen' || syscall === 'getaddrinfo')
    return `${error.message}: set HOST and PORT to an address of this machine that this process may listen on`;
  return error.stack ?? error.message;
};

const OLDEST_NODE = 24;

/** The npm scripts bring their own Node; who starts the files directly may have an older one. Ends the process then. */
export const requireNode = (): void => {
  if (Number(process.versions.node.split('.')[0]) >= OLDEST_NODE) return;
  process.stderr.write(
    `Lotline needs Node ${OLDEST_NODE} or newer, this is ${process.versions.node}: start it by npm, which brings its own\n`,
  );
  process.exit(1);
};

const stopOnSignals = (running: RunningApp): void => {
  const { logger, config } = running.infrastructure;
  const stop = (signal: NodeJS.Signals): void => {
    logger.info({ signal }, 'stopping');
    const late = setTimeout(() => {
      logger.error('the orderly stop took too long');
      process.exit(1);
    }, config.stopTimeoutMs);
    void running.stop().then(() => {
      clearTimeout(late);
      logger.info('stopped');
      process.exit(0);
    });
  };
  onStopSignals(SIGNALS, stop, (signal) => {
    logger.warn({ signal }, 'told to stop again: ending at once');
    process.exit(1);
  });
};
