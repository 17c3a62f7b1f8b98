import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { RecordedEvent } from '#contracts';
import type { Publication } from '../port.js';
import { createLane, type Lane, type LaneRecord } from './lane.js';
import { decodeLink, isWatermark } from './record-format.js';
import { planPublication } from './plan-publication.js';

const TOPICS = ['a', 'b', 'c'] as const;
const identity = { logId: 'l', epoch: 1 };
const positionOf = (n: number): string => (n === 0 ? '' : String(n).padStart(6, '0'));

/** The event's topic is its stream. */
const logOf = (topics: readonly string[]): RecordedEvent[] =>
  topics.map((stream, i) => ({
    id: `e-${i + 1}`,
    type: 'T',
    schemaVersion: 1,
    eventTime: 't',
    data: { pad: 'x'.repeat(i % 7 === 0 ? 400 : 10) },
    meta: { source: 's', actor: 'a', correlationId: 'c' },
    stream,
    revision: 0,
    position: positionOf(i + 1),
    recordTime: 't',
  }));

/** Records of a topic as its partition would hold them, offsets given on arrival. */
type Written = Map<string, Omit<LaneRecord, 'offset'>[]>;

const write = (written: Written, log: readonly RecordedEvent[], from: number, to: number, maxEvents: number): void => {
  const publication: Publication = {
    events: log.slice(from, to),
    after: positionOf(from),
    position: positionOf(to),
    log: identity,
  };
  const byPosition = new Map(log.map((event) => [event.position, event]));
  const parts = planPublication(publication, {
    keyOf: ({ stream }) => stream,
    logTopics: TOPICS,
    topicOf: ({ stream }) => [stream],
    partitions: 1,
    // Some events are too large for a record.
    maxBytes: 1_500,
    maxEvents,
    onTooLarge: () => undefined,
  });
  for (const { records } of parts)
    for (const { topic, headers } of records) {
      const link = decodeLink(headers ?? {});
      const event = isWatermark(headers ?? {}) ? undefined : byPosition.get(link.position)!;
      written.get(topic)!.push({ after: link.after, position: link.position, bytes: 10, ...(event && { event }) });
    }
};

const emptyWritten = (): Written => new Map(TOPICS.map((topic) => [topic, []]));

/** Hands out what the lane has; reads the log where it asks for it. @returns ids in the order handed out. */
const drain = (lane: Lane, log: readonly RecordedEvent[], max: number, published: number): string[] => {
  const out: string[] = [];
  for (;;) {
    const step = lane.next(max);
    if (step.kind === 'wait') return out;
    if (step.kind === 'deliver') {
      expect(step.events.length).toBeLessThanOrEqual(max);
      out.push(...step.events.map(({ id }) => id));
      continue;
    }
    const upTo = step.upTo ?? positionOf(published);
    out.push(...log.filter(({ position }) => position > lane.position && position <= upTo).map(({ id }) => id));
    lane.caughtUp(upTo > lane.position ? upTo : lane.position, true);
  }
};

describe('a lane', () => {
  const limits = { events: 1_000, bytes: 1_000_000 };
  const fresh = (position = ''): Lane =>
    createLane({ topics: TOPICS, position, offsets: {}, startsWithLog: false, limits });

  it('hands out nothing beyond the topic that is least far', () => {
    const lane = fresh();
    const [one] = logOf(['a']);
    lane.push('a', { offset: 0, after: '', position: positionOf(1), event: one!, bytes: 1 });
    lane.push('b', { offset: 0, after: '', position: positionOf(1), bytes: 0 });
    expect(lane.next(9)).toEqual({ kind: 'wait' });
    lane.push('c', { offset: 0, after: '', position: positionOf(2), bytes: 0 });
    expect(lane.next(9)).toEqual({ kind: 'deliver', events: [one], position: positionOf(1) });
    expect(lane.next(9)).toEqual({ kind: 'wait' });
    expect(lane.offsets()).toEqual({ a: 1, b: 1, c: 0 });
  });

  it('asks the log where the chain is broken, after what came before', () => {
    const lane = fresh();
    const log = logOf(['a', 'a', 'a']);
    lane.push('a', { offset: 0, after: '', position: positionOf(1), event: log[0]!, bytes: 1 });
    lane.push('a', { offset: 5, after: positionOf(2), position: positionOf(3), event: log[2]!, bytes: 1 });
    for (const topic of ['b', 'c']) lane.push(topic, { offset: 0, after: '', position: positionOf(3), bytes: 0 });
    expect(lane.next(9)).toMatchObject({ kind: 'deliver', events: [log[0]] });
    expect(lane.next(9)).toEqual({ kind: 'read-log', upTo: positionOf(2) });
    lane.caughtUp(positionOf(2), true);
    expect(lane.next(9)).toMatchObject({ kind: 'deliver', events: [log[2]], position: positionOf(3) });
    expect(lane.offsets()).toEqual({ a: 6, b: 1, c: 1 });
  });

  it('is full by events and by bytes, and has room again at half of it', () => {
    const lane = createLane({
      topics: TOPICS,
      position: '',
      offsets: {},
      startsWithLog: false,
      limits: { events: 2, bytes: 100 },
    });
    const log = logOf(['a', 'a', 'a']);
    lane.push('a', { offset: 0, after: '', position: positionOf(1), event: log[0]!, bytes: 1 });
    expect([lane.isFull('a'), lane.hasRoom('a')]).toEqual([false, true]);
    lane.push('a', { offset: 1, after: positionOf(1), position: positionOf(2), event: log[1]!, bytes: 99 });
    expect([lane.isFull('a'), lane.hasRoom('a')]).toEqual([true, false]);
    for (const topic of ['b', 'c']) lane.push(topic, { offset: 0, after: '', position: positionOf(2), bytes: 0 });
    lane.next(9);
    expect([lane.isFull('a'), lane.hasRoom('a')]).toEqual([false, true]);
  });

  it('hands out every event once and in order, whatever publishers, topics and restarts do', () => {
    const disturbance = fc.record({
      /** How far the next publication goes, and how far back it starts: a relay that repeats itself, a zombie. */
      size: fc.integer({ min: 0, max: 12 }),
      back: fc.constantFrom(0, 0, 0, 0, 1, 3, 9, 40),
      maxEvents: fc.constantFrom(1, 3, 100),
      act: fc.constantFrom('none', 'none', 'none', 'lose', 'recreate', 'restart', 'restart-blind', 'repeat'),
      topic: fc.constantFrom(...TOPICS),
      cut: fc.nat(20),
      take: fc.integer({ min: 0, max: 30 }),
      max: fc.constantFrom(1, 2, 7, 100),
    });
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...TOPICS), { minLength: 1, maxLength: 80 }),
        fc.array(disturbance, { maxLength: 25 }),
        (topics, acts) => {
          const log = logOf(topics);
          const partition: Written = emptyWritten();
          /** The first offset of each partition that is still there. */
          const first = new Map<string, number>(TOPICS.map((topic) => [topic, 0]));
          const read = new Map<string, number>(TOPICS.map((topic) => [topic, 0]));
          let lane = fresh();
          let published = 0;
          const out: string[] = [];
          const fetch = (topic: string, most: number): void => {
            const records = partition.get(topic)!;
            for (let n = 0; n < most; n++) {
              // As a broker does with an offset that it does not have: the earliest there is.
              if (read.get(topic)! > records.length || read.get(topic)! < first.get(topic)!)
                read.set(topic, first.get(topic)!);
              const offset = read.get(topic)!;
              const record = records[offset];
              if (!record) return;
              lane.push(topic, { offset, ...record });
              read.set(topic, offset + 1);
            }
          };
          const restart = (offsets: Record<string, number> | undefined): void => {
            const start = offsets ?? Object.fromEntries(TOPICS.map((topic) => [topic, partition.get(topic)!.length]));
            lane = createLane({
              topics: TOPICS,
              position: lane.position,
              offsets: start,
              startsWithLog: !offsets,
              limits,
            });
            for (const topic of TOPICS) read.set(topic, start[topic]!);
          };
          for (const { size, back, maxEvents, act, topic, cut, take, max } of acts) {
            const from = Math.max(0, published - back);
            const to = Math.min(log.length, from + size);
            write(partition, log, from, to, maxEvents);
            published = Math.max(published, to);
            if (act === 'repeat') write(partition, log, Math.max(0, from - 2), to, maxEvents);
            if (act === 'lose') first.set(topic, Math.min(partition.get(topic)!.length, first.get(topic)! + cut));
            if (act === 'recreate') {
              partition.set(topic, []);
              first.set(topic, 0);
            }
            if (act === 'restart') restart(lane.offsets());
            if (act === 'restart-blind') restart(undefined);
            for (const some of TOPICS) fetch(some, some === topic ? take : take + 5);
            out.push(...drain(lane, log, max, published));
            expect(out).toEqual(log.slice(0, out.length).map(({ id }) => id));
            expect(out.length).toBeGreaterThanOrEqual(Number(lane.position || 0));
          }
          // The relay catches up and goes on saying where it is: everything comes out.
          write(partition, log, published, log.length, 100);
          write(partition, log, log.length, log.length, 100);
          for (const topic of TOPICS) fetch(topic, 10_000);
          out.push(...drain(lane, log, 7, log.length));
          expect(out).toEqual(log.map(({ id }) => id));
          expect(lane.position).toBe(positionOf(log.length));
        },
      ),
      { seed: 20261123, numRuns: 500 },
    );
  });
});
