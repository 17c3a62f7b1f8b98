import { setTimeout as delay } from 'node:timers/promises';
import type { Consumer, KafkaMessage, PartitionAssigner } from 'kafkajs';
import { isCoordinatorMoving } from './coordinator-moves.js';
import type { KafkaConnection } from './kafka-connection.js';
import { pauseAfter, type RetryDelay } from './retry-delay.js';

export interface TopicPartition {
  topic: string;
  partition: number;
}

/** What a member can do while it is one. Where it just ceased to be, nothing happens: what was meant starts over anyway. */
export interface Membership {
  seek(where: TopicPartition, offset: number): void;
  pause(where: readonly TopicPartition[]): void;
  resume(where: readonly TopicPartition[]): void;
  /** Confirms offsets to the group. @throws where the group has gone on without this member, or no broker answers. */
  commit(offsets: readonly (TopicPartition & { offset: number })[]): Promise<void>;
}

export interface GroupMemberOptions {
  kafka: KafkaConnection;
  group: string;
  topics: readonly string[];
  sessionTimeoutMs: number;
  assigner?: PartitionAssigner;
  /** Pause before the brokers are tried again. */
  retry: RetryDelay;
  /** What is served from now on; nothing has been fetched yet. What was assigned before is over. */
  onAssigned: (assigned: readonly TopicPartition[], membership: Membership) => void;
  /** Records that were fetched. @returns whether they were taken; else they are fetched again. Must return at once. */
  onFetched: (where: TopicPartition, messages: readonly KafkaMessage[]) => boolean;
  /** Nothing is served any more. */
  onLost: () => void;
  /** Told when the brokers are away, at once and then now and then, or do not serve the group for long; they are tried again by itself. */
  onError: (error: unknown) => void;
}

export interface GroupMember {
  /** Leaves the group. Idempotent. */
  stop(): Promise<void>;
}

/** How long a fetch waits where there is nothing: also how long a resumed partition waits at most for its next fetch. */
const FETCH_WAIT_MS = 100;
/** So many checks in a row without a sign of life from the client, and it is replaced. */
const SILENT_CHECKS = 6;
/** Brokers that are away are told of at once, then so often; a group that is not served is told of only when that lasts so long. */
const TELL_MS = 30_000;

const membershipOf = (consumer: Consumer): Membership => {
  const whileMember = (act: () => void): void => {
    try {
      act();
    } catch {
      // The client has just stopped; whoever serves next seeks anew.
    }
  };
  const grouped = (where: readonly TopicPartition[]) =>
    where.map(({ topic, partition }) => ({ topic, partitions: [partition] }));
  return {
    seek: (where, offset) => whileMember(() => consumer.seek({ ...where, offset: String(offset) })),
    pause: (where) => whileMember(() => consumer.pause(grouped(where))),
    resume: (where) => whileMember(() => consumer.resume(grouped(where))),
    commit: (offsets) =>
      consumer.commitOffsets(offsets.map(({ offset, ...where }) => ({ ...where, offset: String(offset) }))),
  };
};

/** Rejects when the client has shown no sign of life for long: it hangs, though nothing told it that the broker is gone. */
const watch = (consumer: Consumer, everyMs: number, signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    let silent = 0;
    const alive = (): void => void (silent = 0);
    consumer.on(consumer.events.HEARTBEAT, alive);
    consumer.on(consumer.events.GROUP_JOIN, alive);
    // Checks are counted, not time: a process that was stopped for an hour has not been silent for one.
    const timer = setInterval(() => {
      silent += 1;
      if (silent > SILENT_CHECKS) reject(new Error('the Kafka client has gone silent'));
    }, everyMs);
    signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  });

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

/** One client from joining to its end. @throws what ended it. */
const live = async (options: GroupMemberOptions, signal: AbortSignal): Promise<void> => {
  const { kafka, group, topics, sessionTimeoutMs, assigner } = options;
  const consumer = kafka.client().consumer({
    groupId: group,
    sessionTimeout: sessionTimeoutMs,
    rebalanceTimeout: sessionTimeoutMs,
    heartbeatInterval: Math.min(3_000, Math.floor(sessionTimeoutMs / 10)),
    maxWaitTimeInMs: FETCH_WAIT_MS,
    allowAutoTopicCreation: false,
    ...(assigner && { partitionAssigners: [assigner] }),
    // One way back for every kind of end: a new client, made below.
    retry: { retries: 1, restartOnFailure: () => Promise.resolve(false) },
  });
  const membership = membershipOf(consumer);
  const crashed = new Promise<never>((_, reject) => {
    consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
  });
  crashed.catch(() => undefined);
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    const assigned = Object.entries(payload.memberAssignment).flatMap(([topic, partitions]) =>
      partitions.map((partition) => ({ topic, partition })),
    );
    options.onAssigned(assigned, membership);
  });
  const ended = new AbortController();
  const watched = watch(consumer, sessionTimeoutMs / 2, ended.signal);
  watched.catch(() => undefined);
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [...topics], fromBeginning: true });
    // Not left before it has joined: the broker would hold a place for it until the session times out.
    await Promise.race([
      crashed,
      watched,
      consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        eachBatch: (payload) => {
          const { batch } = payload;
          if (!payload.isStale() && options.onFetched(batch, batch.messages)) payload.resolveOffset(batch.lastOffset());
          return Promise.resolve();
        },
      }),
    ]);
    await Promise.race([crashed, watched, aborted(signal)]);
  } finally {
    ended.abort();
    options.onLost();
    // After a session's time the group has done without this member by itself.
    await Promise.race([
      consumer.disconnect().catch(() => undefined),
      delay(sessionTimeoutMs, undefined, { ref: false }),
    ]);
  }
};

/** A member of a consumer group for as long as it is wanted, through every loss of the brokers. */
export const joinGroup = (options: GroupMemberOptions): GroupMember => {
  const stopped = new AbortController();
  const { signal } = stopped;
  let failures = 0;
  let failingSince: number | undefined;
  let toldAt = -Infinity;

  /** Each trouble once in a while, and none that is ordinary and soon over. */
  const tell = (error: unknown): void => {
    const now = performance.now();
    failingSince ??= now;
    if (now - toldAt < TELL_MS || (isCoordinatorMoving(error) && now - failingSince < TELL_MS)) return;
    toldAt = now;
    options.onError(error);
  };

  const onAssigned: GroupMemberOptions['onAssigned'] = (assigned, membership) => {
    failures = 0;
    failingSince = undefined;
    toldAt = -Infinity;
    if (!signal.aborted) options.onAssigned(assigned, membership);
  };

  const liveAgain = async (): Promise<void> => {
    try {
      await live({ ...options, onAssigned }, signal);
    } catch (error) {
      if (signal.aborted) return;
      tell(error);
      await delay(pauseAfter(failures++, options.retry), undefined, { signal }).catch(() => undefined);
    }
  };

  const run = async (): Promise<void> => {
    while (!signal.aborted) await liveAgain();
  };
  const ran = run();
  return {
    async stop() {
      stopped.abort();
      await ran;
    },
  };
};
