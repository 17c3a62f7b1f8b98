import { createRequire } from 'node:module';

/** What the patch needs to know of kafkajs's queue of requests of one connection. */
interface RequestQueue {
  throttledUntil: number;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  pending: readonly unknown[];
  checkPendingRequests(): void;
  scheduleCheckPendingRequests(): void;
}

const WHILE_REQUESTS_WAIT_MS = 10;

/**
 * kafkajs 2.2.4 sets a timer with a negative delay after every check of its queue, though nothing waits: each connection
 * wakes up every millisecond for ever, and Node 24 warns of it (its issue 1751). Here it sets one only where something waits.
 */
export const correctRequestQueue = (): void => {
  const { prototype } = createRequire(import.meta.url)('kafkajs/src/network/requestQueue') as {
    prototype: RequestQueue;
  };
  prototype.scheduleCheckPendingRequests = function () {
    if (this.throttleCheckTimeoutId !== null || this.pending.length === 0) return;
    const throttledMs = this.throttledUntil - Date.now();
    this.throttleCheckTimeoutId = setTimeout(
      () => {
        this.throttleCheckTimeoutId = null;
        this.checkPendingRequests();
      },
      throttledMs > 0 ? throttledMs : WHILE_REQUESTS_WAIT_MS,
    );
  };
};
