import { ParkedEventDiscarded, ParkedEventRetried, type RecordedEvent } from '#contracts';
import type { ConsumeOptions, KeyOf, Partition } from './port.js';

const M = 0x5bd1e995;

/**
 * MurmurHash2 as Kafka's default partitioner computes it, so that an event has the same partition whether it comes by
 * Kafka or straight from the log, and checkpoints stay valid when an installation changes from one to the other.
 */
export const murmur2 = (text: string): number => {
  const data = Buffer.from(text, 'utf8');
  const whole = data.length & ~3;
  let h = 0x9747b28c ^ data.length;
  for (let i = 0; i < whole; i += 4) {
    let k = Math.imul(data.readInt32LE(i), M);
    k = Math.imul(k ^ (k >>> 24), M);
    h = Math.imul(h, M) ^ k;
  }
  const rest = data.length - whole;
  if (rest > 2) h ^= (data[whole + 2] ?? 0) << 16;
  if (rest > 1) h ^= (data[whole + 1] ?? 0) << 8;
  if (rest > 0) h = Math.imul(h ^ (data[whole] ?? 0), M);
  h = Math.imul(h ^ (h >>> 13), M);
  return h ^ (h >>> 15);
};

const DECISIONS: ReadonlySet<string> = new Set([ParkedEventRetried.type, ParkedEventDiscarded.type]);

/**
 * The key an event travels by: its own, but an operator's decision on parked events has theirs, so that it reaches the
 * worker that parked them at its own place in the order; else a rebuild, which sees one order, could come out differently.
 */
export const routeBy =
  (keyOf: KeyOf): KeyOf =>
  (event) =>
    DECISIONS.has(event.type) ? (event.data as { key: string }).key : keyOf(event);

/**
 * @returns whether a partition is handed an event of the log: one of its own, or one that nobody here knows the key of, which
 * every partition is handed.
 */
export const fallsOn =
  (
    partitionOf: (event: RecordedEvent, of: number) => number,
    { index, of }: Partition,
    isKnown: ConsumeOptions['isKnown'] = () => true,
  ): ((event: RecordedEvent) => boolean) =>
  (event) =>
    of === 1 || partitionOf(event, of) === index || !isKnown(event);

/** @returns which partition of `of` an event falls on; each event is hashed once however many ask. */
export const partitionBy = (keyOf: KeyOf): ((event: RecordedEvent, of: number) => number) => {
  const route = routeBy(keyOf);
  const hashes = new WeakMap<RecordedEvent, number>();
  return (event, of) => {
    if (of === 1) return 0;
    let hash = hashes.get(event);
    if (hash === undefined) {
      hash = murmur2(route(event)) & 0x7fffffff;
      hashes.set(event, hash);
    }
    return hash % of;
  };
};
