/** Runs work one at a time per key, in the order asked for; work on several keys waits for all of them. */
export const createKeyedLock = (): (<T>(keys: readonly string[], work: () => Promise<T>) => Promise<T>) => {
  const tails = new Map<string, Promise<undefined>>();
  return async (keys, work) => {
    const own = [...new Set(keys)];
    // Queued on all keys in one synchronous step, so two callers never wait for each other in a circle.
    const before = own.flatMap((key) => tails.get(key) ?? []);
    const done = Promise.all(before).then(work);
    // Never rejects: whoever comes next waits for the end, not for success.
    const tail = done.then(
      () => undefined,
      () => undefined,
    );
    for (const key of own) tails.set(key, tail);
    try {
      return await done;
    } finally {
      for (const key of own) if (tails.get(key) === tail) tails.delete(key);
    }
  };
};
