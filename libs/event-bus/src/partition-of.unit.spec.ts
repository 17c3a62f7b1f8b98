import { describe, expect, it } from '@jest/globals';
import type { RecordedEvent } from '#contracts';
import { murmur2, partitionBy } from './partition-of.js';

const eventOf = (stream: string): RecordedEvent => ({ stream }) as RecordedEvent;

describe('partitionBy', () => {
  // Vectors of org.apache.kafka.common.utils.UtilsTest#testMurmur2.
  it.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])('hashes %s as Kafka does', (key, hash) => {
    expect(murmur2(key)).toBe(hash);
  });

  it('spreads keys over all partitions and gives one key always the same', () => {
    const of = partitionBy((event) => event.stream);
    const seen = new Set(Array.from({ length: 200 }, (_, i) => of(eventOf(`fact-${i}`), 8)));
    expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(of(eventOf('fact-1'), 8)).toBe(of(eventOf('fact-1'), 8));
  });

  it('asks for the key once an event', () => {
    let asked = 0;
    const of = partitionBy((event) => ((asked += 1), event.stream));
    const event = eventOf('fact-1');
    of(event, 4);
    of(event, 2);
    expect(asked).toBe(1);
  });
});
