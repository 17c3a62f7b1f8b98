import { LotlineError } from '#kernel';

/** Kafka's own name; tried again it is as large as before. */
const isTooLarge = (cause: unknown): boolean => (cause as { type?: unknown } | undefined)?.type === 'MESSAGE_TOO_LARGE';

/** What a broker's client rejects with, as the product says it: 503, and tried again by whoever can wait; `too-large` where that would not help. */
export const unavailable = (what: string, cause: unknown): LotlineError => {
  if (cause instanceof LotlineError) return cause;
  const message = `${what}: ${cause instanceof Error ? cause.message : String(cause)}`;
  return Object.assign(
    isTooLarge(cause)
      ? new LotlineError('too-large', 'record-too-large', message)
      : new LotlineError('unavailable', 'broker-unavailable', message),
    { cause },
  );
};

export const orUnavailable = async <T>(what: string, work: Promise<T>): Promise<T> => {
  try {
    return await work;
  } catch (error) {
    throw unavailable(what, error);
  }
};
