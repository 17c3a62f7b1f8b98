import type { Logger } from 'pino';

export interface Repeated {
  start(): void;
  /** Resolves when the round under way has ended; none begins afterwards. */
  stop(): Promise<void>;
}

/**
 * Does a round of work every so often, one at a time, until stopped. A round that fails is logged as `failed`, and the next
 * tries again: what is swept this way must be found again by itself.
 */
export const repeatedly = (
  round: () => Promise<unknown>,
  { everyMs, logger, failed }: { everyMs: number; logger: Logger; failed: string },
): Repeated => {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<unknown> | undefined;
  const run = (): void => {
    running ??= round()
      .catch((err: unknown) => logger.warn({ err }, failed))
      .finally(() => (running = undefined));
  };
  return {
    start: () => {
      timer ??= setInterval(run, everyMs).unref();
    },
    stop: async () => {
      clearInterval(timer);
      timer = undefined;
      await running;
    },
  };
};
