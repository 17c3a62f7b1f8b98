/** A Ctrl-C under npm arrives twice: the terminal signals everyone in the foreground, and npm passes its own on. */
const SAME_WISH_MS = 1_000;

/**
 * Calls back once for all signals of one wish to stop.
 * @param stop the first time. @param atOnce a later wish: whoever asked does not want to wait any longer.
 */
export const onStopSignals = (
  signals: readonly NodeJS.Signals[],
  stop: (signal: NodeJS.Signals) => void,
  atOnce: (signal: NodeJS.Signals) => void,
): void => {
  let firstAt: number | undefined;
  for (const signal of signals)
    process.on(signal, () => {
      const now = performance.now();
      if (firstAt === undefined) {
        firstAt = now;
        stop(signal);
      } else if (now - firstAt > SAME_WISH_MS) atOnce(signal);
    });
};
