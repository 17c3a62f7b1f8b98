import { setTimeout as delay } from 'node:timers/promises';
import type { KafkaMessage } from 'kafkajs';
import { createGate } from '../gate.js';
import type { Subscription } from '../port.js';
import { joinGroup, type Membership, type TopicPartition } from './group-member.js';
import type { KafkaConnection } from './kafka-connection.js';
import { DEFAULT_RETRY, pauseAfter, type RetryDelay } from './retry-delay.js';

/** A record as somebody outside wrote it. */
export interface InboundRecord {
  topic: string;
  partition: number;
  offset: string;
  key: Buffer | null;
  value: Buffer | null;
  /** The last of each name, as text. */
  headers: Readonly<Record<string, string>>;
  /** When it was written, ISO 8601. */
  time: string;
}

export interface ConsumeRecordsOptions {
  kafka: KafkaConnection;
  group: string;
  /** Full names. */
  topics: readonly string[];
  /** At most so many records in one call; default 500. */
  batchSize?: number;
  /** Default 30 s. */
  sessionTimeoutMs?: number;
  /** Delay before records are handed over again; default 50 ms to 5 s. */
  retry?: RetryDelay;
  /**
   * Records of one partition, in order, the next call only when this one is resolved; only then are they confirmed to the
   * group. A rejection is told to `onError`, and the same records come again. At least once: expect repetitions.
   */
  onRecords: (records: readonly InboundRecord[]) => Promise<void>;
  onError: (error: unknown) => void;
}

/** One partition as this member was given it. */
interface Inlet {
  end: AbortController;
  membership: Membership;
  waiting: KafkaMessage[];
  /** Works on what waits, until there is nothing more. */
  done: Promise<void>;
  isWorking: boolean;
}

const inbound = ({ topic, partition }: TopicPartition, message: KafkaMessage): InboundRecord => ({
  topic,
  partition,
  offset: message.offset,
  key: message.key,
  value: message.value,
  headers: Object.fromEntries(
    Object.entries(message.headers ?? {}).flatMap(([name, value]) => {
      const last = Array.isArray(value) ? value.at(-1) : value;
      return last === undefined ? [] : [[name, last.toString()]];
    }),
  ),
  time: new Date(Number(message.timestamp)).toISOString(),
});

/**
 * Consumes what others write to topics. While records of a partition are worked on nothing more of it is fetched, and the
 * place in the group is kept however long that takes.
 */
export const consumeRecords = ({
  kafka,
  group,
  topics,
  batchSize = 500,
  sessionTimeoutMs = 30_000,
  retry = DEFAULT_RETRY,
  onRecords,
  onError,
}: ConsumeRecordsOptions): Promise<Subscription> => {
  const gate = createGate();
  const inlets = new Map<string, Inlet>();
  const nameOf = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`;

  /** Hands records over until they are taken. */
  const hand = async (records: readonly InboundRecord[], signal: AbortSignal): Promise<void> => {
    for (let failures = 0; ; failures++) {
      await gate.passed(signal);
      try {
        await onRecords(records);
        return;
      } catch (error) {
        onError(error);
        await delay(pauseAfter(failures, retry), undefined, { signal });
      }
    }
  };

  const work = async (where: TopicPartition, inlet: Inlet): Promise<void> => {
    const { signal } = inlet.end;
    while (inlet.waiting.length > 0 && !signal.aborted) {
      const messages = inlet.waiting.splice(0, batchSize);
      const records = messages.map((message) => inbound(where, message));
      await hand(records, signal);
      const offset = Number(messages.at(-1)?.offset) + 1;
      // What could not be confirmed comes again, to this member or another.
      await inlet.membership.commit([{ ...where, offset }]).catch(() => undefined);
    }
    inlet.isWorking = false;
    if (!signal.aborted) inlet.membership.resume([where]);
  };

  const endAll = (): void => {
    for (const { end } of inlets.values()) end.abort();
  };

  const member = joinGroup({
    kafka,
    group,
    topics,
    sessionTimeoutMs,
    retry,
    onAssigned(assigned, membership) {
      endAll();
      for (const where of assigned) {
        const before = inlets.get(nameOf(where))?.done ?? Promise.resolve();
        inlets.set(nameOf(where), {
          end: new AbortController(),
          membership,
          waiting: [],
          done: before,
          isWorking: false,
        });
      }
      membership.resume(assigned);
    },
    onFetched(where, messages) {
      const place = { topic: where.topic, partition: where.partition };
      const inlet = inlets.get(nameOf(place));
      if (!inlet || inlet.end.signal.aborted) return false;
      inlet.waiting.push(...messages);
      if (inlet.isWorking) return true;
      inlet.isWorking = true;
      inlet.membership.pause([place]);
      inlet.done = inlet.done.then(() => work(place, inlet)).catch(() => undefined);
      return true;
    },
    onLost: endAll,
    onError,
  });

  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    endAll();
    await Promise.all([...inlets.values()].map(({ done }) => done));
    await member.stop();
  };
  return Promise.resolve({
    stop: () => (stopping ??= stop()),
    pause: () => gate.shut(),
    resume: () => gate.open(),
  });
};
