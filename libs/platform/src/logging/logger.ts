import type { LoggerService } from '@nestjs/common';
import { pino, type Logger, type LoggerOptions } from 'pino';
import pretty from 'pino-pretty';

/** What helps to find the cause. Libraries hang whole connections, credentials included, on their errors: those stay out. */
const shownError = (error: unknown): unknown => {
  if (!(error instanceof Error)) return error;
  const { code, problems } = error as { code?: unknown; problems?: unknown };
  return {
    type: error.name,
    message: error.message,
    ...(code !== undefined && { code }),
    ...(Array.isArray(problems) && problems.length > 0 && { problems }),
    stack: error.stack,
    ...(error.cause !== undefined && { cause: shownError(error.cause) }),
  };
};

export const loggerOptions = (options: { level: string; name: string }): LoggerOptions => ({
  level: options.level,
  base: { app: options.name, pid: process.pid },
  timestamp: pino.stdTimeFunctions.isoTime,
  serializers: { err: shownError },
  formatters: { level: (label) => ({ level: label }) },
  redact: ['*.authorization', '*.headers.authorization', '*.password', '*.connectionString'],
});

/** JSON lines on standard output; readable ones where that is a terminal. Credentials never get in. */
export const createLogger = (options: { level: string; name: string }): Logger =>
  pino(
    loggerOptions(options),
    process.stdout.isTTY
      ? pretty({ colorize: true, ignore: 'pid,app', translateTime: 'SYS:HH:MM:ss.l', sync: true })
      : pino.destination({ dest: 1, sync: true }),
  );

/** Nest's own lines in the same log; what it says at start is detail here. */
export const nestLogger = (logger: Logger): LoggerService => {
  const line =
    (level: 'debug' | 'warn' | 'error' | 'fatal' | 'trace') =>
    (message: unknown, ...rest: unknown[]): void => {
      const context = rest.at(-1);
      const stack = level === 'error' && rest.length > 1 ? rest[0] : undefined;
      const bindings = {
        ...(typeof context === 'string' && { context }),
        ...(typeof stack === 'string' && { stack }),
        ...(message instanceof Error && { err: message }),
      };
      logger[level](bindings, message instanceof Error ? message.message : String(message));
    };
  return {
    log: line('debug'),
    warn: line('warn'),
    error: line('error'),
    fatal: line('fatal'),
    debug: line('trace'),
    verbose: line('trace'),
  };
};
