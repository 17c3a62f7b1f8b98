import type { JobWorker } from '../port.js';
import type { Engine, Process } from './engine.js';
import { pause } from './pause.js';

export interface WorkerStart {
  engine: Engine;
  queue: string;
  process: Process;
  concurrency: number;
  onError: (error: unknown) => void;
}

const LOOK_AGAIN_MS = 1_000;

/**
 * Begins as soon as the server can be reached, and begins anew after a failure outside a job: BullMQ waits for a server whose
 * connection breaks, but asks again without any pause where one answers with an error (no such database, no such table), which
 * keeps the process from doing anything else.
 */
export const startWorker = ({ engine, queue, process, concurrency, onError }: WorkerStart): JobWorker => {
  const stopped = new AbortController();
  let stopping: Promise<void> | undefined;

  const isThere = (): Promise<boolean> =>
    engine.reach().then(
      () => true,
      (error: unknown) => {
        onError(error);
        return false;
      },
    );

  /** Resolved when the worker has failed or must stop, and let go of its jobs. */
  const runOnce = async (): Promise<void> => {
    if (stopped.signal.aborted) return;
    const ended = new AbortController();
    const end = (): void => ended.abort();
    stopped.signal.addEventListener('abort', end, { once: true });
    const worker = engine.openWorker(queue, process, concurrency, (error) => {
      // Closed before this returns: BullMQ would ask again at once.
      if (!ended.signal.aborted) void worker.close().catch(onError);
      onError(error);
      end();
    });
    await new Promise<void>((resolve) => {
      if (ended.signal.aborted) resolve();
      else ended.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    stopped.signal.removeEventListener('abort', end);
    await worker.close().catch(onError);
  };

  const serve = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      if (await isThere()) await runOnce();
      await pause(LOOK_AGAIN_MS, stopped.signal);
    }
  };
  const served = serve();

  return {
    stop: () => {
      stopping ??= (async () => {
        stopped.abort();
        await served;
      })();
      return stopping;
    },
  };
};
