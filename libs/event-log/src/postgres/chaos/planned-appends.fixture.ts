import { uuidFromName } from '#kernel';
import type { Append } from '../../port.js';

/** Numbers in [0, 1) that follow from the seed (mulberry32). */
export const seeded = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 4_294_967_296;
  };
};

/**
 * Everything one writer will append, in order, the same in every process that knows the seed: so a writer that was killed
 * is continued with the same ids. Half goes to its own stream under the expected revision, half to streams all share.
 */
export const plannedAppends = (seed: number, writer: number, count: number): Append[] => {
  const random = seeded(seed * 1_000 + writer);
  const own = `own-${writer}`;
  let revision = -1;
  return Array.from({ length: count }, (_, k) => {
    const shared = random() < 0.5;
    const events = Array.from({ length: 1 + Math.floor(random() * 3) }, (_, i) => ({
      id: uuidFromName(`chaos:${seed}:${writer}:${k}:${i}`),
      type: 'CrateMoved',
      schemaVersion: 1,
      eventTime: '2026-03-31T09:00:00.000+02:00',
      data: { writer, k, i },
      meta: { source: 'chaos', actor: 'system:test', correlationId: `${writer}:${k}` },
    }));
    if (shared) return { stream: `shared-${Math.floor(random() * 5)}`, expected: 'any', events };
    const expected = revision < 0 ? 'no-stream' : revision;
    revision += events.length;
    return { stream: own, expected, events };
  });
};
