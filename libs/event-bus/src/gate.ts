/** Lets pass while open; who comes while it is closed waits. */
export interface Gate {
  open(): void;
  shut(): void;
  /** Rejects when the signal aborts. */
  passed(signal: AbortSignal): Promise<void>;
}

export const createGate = (): Gate => {
  const waiting = new Set<() => void>();
  let isOpen = true;
  return {
    open() {
      isOpen = true;
      for (const pass of waiting) pass();
      waiting.clear();
    },
    shut() {
      isOpen = false;
    },
    async passed(signal) {
      while (!isOpen) {
        signal.throwIfAborted();
        await new Promise<void>((resolve) => {
          const pass = (): void => {
            signal.removeEventListener('abort', pass);
            resolve();
          };
          signal.addEventListener('abort', pass, { once: true });
          waiting.add(pass);
        });
      }
      signal.throwIfAborted();
    },
  };
};
