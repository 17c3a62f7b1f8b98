import type { KafkaMessage } from 'kafkajs';
import type { RecordedEvent } from '#contracts';
import type { EventLog, LogIdentity } from '#event-log';
import type { Gate } from '../gate.js';
import type { ConsumeOptions, Partition } from '../port.js';
import { fallsOn } from '../partition-of.js';
import { PAGE, type SharedPages } from '../shared-pages.js';
import { cursorText, readCursor } from './cursor.js';
import { deadLetterRecord } from './dead-letters.js';
import type { Membership } from './group-member.js';
import { createLane, type Lane } from './lane.js';
import { createLaneIntake, type LaneIntake } from './lane-intake.js';
import type { RecordProducer } from './record-producer.js';

/** What all lanes of a bus have in common. */
export interface LaneContext {
  log: EventLog;
  pages: SharedPages;
  topics: readonly string[];
  deadLetters: string;
  letters: RecordProducer;
  partitionOf: (event: RecordedEvent, of: number) => number;
  /** Offsets after the last record of these topics in a partition. */
  endsOf(topics: readonly string[], partition: Partition): Promise<Record<string, number>>;
}

/** One partition as a member serves it, for one assignment. */
export interface ServedLane {
  /** @returns whether the records were taken. */
  take(topic: string, messages: readonly KafkaMessage[]): boolean;
  /** What may be confirmed to the group and was not asked for before: what was handed out is before these offsets. */
  toConfirm(): Record<string, number>;
  /** Serves from where the consumer stands until something fails or the signal aborts. Never resolves by itself. */
  run(onDelivered: () => void): Promise<never>;
}

type Hand = (events: readonly RecordedEvent[], position: string) => Promise<void>;

/** So many pages of the log without an event of the partition are passed over before the watermark is told. */
const SKIPPED_PAGES = 16;
/** What one topic may hold in memory for a lane; at least two deliveries, so that one is ready when the other is done. */
const BUFFER_BYTES = 8 * 1024 * 1024;
const BUFFER_EVENTS = 4_000;

/** Resolves waiters when something has changed. */
const createBell = () => {
  let ring: () => void = () => undefined;
  let rung = new Promise<void>((resolve) => (ring = resolve));
  return {
    ring: (): void => ring(),
    async heard(signal: AbortSignal): Promise<void> {
      const abort = (): void => ring();
      signal.addEventListener('abort', abort, { once: true });
      await rung;
      rung = new Promise<void>((resolve) => (ring = resolve));
      signal.removeEventListener('abort', abort);
      signal.throwIfAborted();
    },
  };
};

export const createServedLane = (
  context: LaneContext,
  options: ConsumeOptions,
  partition: Partition,
  membership: Membership,
  gate: Gate,
  signal: AbortSignal,
): ServedLane => {
  const { log, pages, topics, partitionOf } = context;
  const { index, of } = partition;
  const batchSize = options.batchSize ?? PAGE;
  const limits = { events: Math.max(BUFFER_EVENTS, 2 * batchSize), bytes: BUFFER_BYTES };
  const isMine = fallsOn(partitionOf, partition, options.isKnown);
  const bell = createBell();
  const paused = new Set<string>();
  let serving: { lane: Lane; intake: LaneIntake; identity: LogIdentity } | undefined;
  let toConfirm: Record<string, number> = {};

  const places = (which: Iterable<string>) => [...which].map((topic) => ({ topic, partition: index }));

  const resume = (lane: Lane): void => {
    const ready = [...paused].filter((topic) => lane.hasRoom(topic));
    if (ready.length === 0) return;
    for (const topic of ready) paused.delete(topic);
    membership.resume(places(ready));
  };

  const begin = async (): Promise<{ lane: Lane; intake: LaneIntake; identity: LogIdentity }> => {
    const start = await options.startAfter(partition);
    const identity = await log.identity();
    const known = readCursor(start?.cursor, topics);
    const unknown = topics.filter((topic) => known[topic] === undefined);
    const offsets = unknown.length > 0 ? { ...known, ...(await context.endsOf(unknown, partition)) } : known;
    signal.throwIfAborted();
    const lane = createLane({
      topics,
      position: start?.position ?? '',
      offsets,
      startsWithLog: unknown.length > 0,
      limits,
    });
    for (const topic of topics) membership.seek({ topic, partition: index }, offsets[topic] ?? 0);
    paused.clear();
    return { lane, intake: createLaneIntake(lane, identity, of), identity };
  };

  const bury = async ({ findings }: LaneIntake): Promise<void> => {
    const about = { deadLetters: context.deadLetters, partition: index, group: options.group };
    const letters = [...findings.letters];
    await context.letters.send(letters.map((letter) => deadLetterRecord(letter, about)));
    findings.letters.splice(0, letters.length);
  };

  const readLog = async (lane: Lane, identity: LogIdentity, upTo: string | undefined, hand: Hand): Promise<void> => {
    let page = pages.read(lane.position, identity);
    let skipped = 0;
    let isRepeated = false;
    for (;;) {
      const { events, position } = await page;
      signal.throwIfAborted();
      const isLast = upTo === undefined ? events.length < PAGE : position >= upTo;
      if (!isLast && events.length === 0) {
        if (isRepeated) throw new Error(`the log ends at ${position}, but ${String(upTo)} was published from it`);
        // The page may have been asked for by another lane, before what is looked for was recorded.
        isRepeated = true;
        page = pages.read(lane.position, identity);
        continue;
      }
      if (!isLast) {
        // Read the next while this one is worked on; its failure is met in the next round.
        page = pages.read(position, identity);
        page.catch(() => undefined);
      }
      const mine = events.filter(isMine);
      for (let from = 0; from < mine.length; from += batchSize) {
        const some = mine.slice(from, from + batchSize);
        const isEnd = from + batchSize >= mine.length;
        const reached = isEnd ? position : (some.at(-1)?.position ?? position);
        lane.caughtUp(reached, isEnd && isLast);
        await hand(some, reached);
      }
      skipped = mine.length > 0 ? 0 : skipped + 1;
      if (mine.length === 0) {
        const hasMoved = position > lane.position;
        lane.caughtUp(position, isLast);
        if (hasMoved && (isLast || skipped % SKIPPED_PAGES === 0)) await hand([], position);
      }
      if (isLast) return;
    }
  };

  return {
    take(topic, messages) {
      if (!serving || signal.aborted) return false;
      const { lane, intake } = serving;
      intake.take(topic, messages);
      if (lane.isFull(topic)) {
        paused.add(topic);
        membership.pause(places([topic]));
      }
      bell.ring();
      return true;
    },
    toConfirm() {
      const offsets = toConfirm;
      toConfirm = {};
      return offsets;
    },
    async run(onDelivered) {
      await gate.passed(signal);
      const { lane, intake, identity } = (serving = await begin());
      const hand: Hand = async (events, position) => {
        await gate.passed(signal);
        // The offsets may be beyond records that could not be read: those are put aside first, or a restart would pass them over.
        while (intake.findings.letters.length > 0) await bury(intake);
        const offsets = lane.offsets();
        await options.onDelivery({ partition, events, position, cursor: cursorText(offsets), log: identity });
        toConfirm = offsets;
        onDelivered();
        signal.throwIfAborted();
        resume(lane);
      };
      try {
        membership.resume(places(topics));
        for (;;) {
          signal.throwIfAborted();
          const { findings } = intake;
          if (findings.letters.length > 0) await bury(intake);
          if (findings.otherLog) {
            await gate.passed(signal);
            await options.onDelivery({ partition, events: [], position: lane.position, log: findings.otherLog });
            throw new Error(
              `log ${findings.otherLog.logId} epoch ${findings.otherLog.epoch} is published, this is ${identity.logId} epoch ${identity.epoch}`,
            );
          }
          if (findings.divided !== undefined)
            throw new Error(`the log is divided by ${findings.divided} now, not by ${of}: start this process again`);
          const step = lane.next(batchSize);
          if (step.kind === 'deliver') await hand(step.events, step.position);
          else if (step.kind === 'read-log') await readLog(lane, identity, step.upTo, hand);
          else {
            // Watermarks of a log in which nothing happens are handed to nobody, and would count as lag.
            toConfirm = lane.offsets();
            await bell.heard(signal);
          }
        }
      } finally {
        serving = undefined;
        membership.pause(places(topics));
      }
    },
  };
};
