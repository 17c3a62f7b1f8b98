import { setTimeout as delay } from 'node:timers/promises';
import { createGate } from '../gate.js';
import type { ConsumeOptions, Partition, Subscription } from '../port.js';
import { coPartitioned } from './co-partitioned.js';
import { joinGroup, type Membership, type TopicPartition } from './group-member.js';
import type { KafkaConnection } from './kafka-connection.js';
import { pauseAfter, type RetryDelay } from './retry-delay.js';
import { createServedLane, type LaneContext, type ServedLane } from './serve-lane.js';

export interface SubscribeOptions {
  kafka: KafkaConnection;
  context: LaneContext;
  sessionTimeoutMs: number;
  retry: RetryDelay;
}

/** How often offsets are confirmed to the group: for tools that show lag, nothing else reads them. */
const CONFIRM_MS = 2_000;

interface Assigned {
  lane: ServedLane;
  membership: Membership;
  end: AbortController;
  done: Promise<void>;
  /** Somebody else may serve the partition by now. */
  isLost: boolean;
}

/** A member of the group, and what it does with the partitions it is given, until it is stopped. */
export const subscribe = (
  { kafka, context, sessionTimeoutMs, retry }: SubscribeOptions,
  options: ConsumeOptions,
): Subscription => {
  const { topics } = context;
  const gate = createGate();
  const serves = new Map<number, Partition>(options.partitions.map((partition) => [partition.index, partition]));
  /** The latest lane of each index; one that has ended stays until its delivery is done, so that no other begins before. */
  const lanes = new Map<number, Assigned>();

  const serveOnce = async (lane: ServedLane, partition: Partition, failures: number, signal: AbortSignal) => {
    try {
      return await lane.run(() => (failures = 0));
    } catch (error) {
      if (signal.aborted) return failures;
      options.onError(error, partition);
      await delay(pauseAfter(failures, retry), undefined, { signal }).catch(() => undefined);
      return failures + 1;
    }
  };

  const serve = async (lane: ServedLane, partition: Partition, signal: AbortSignal): Promise<void> => {
    let failures = 0;
    while (!signal.aborted) failures = await serveOnce(lane, partition, failures, signal);
  };

  const loseAll = (): void => {
    for (const lane of lanes.values()) {
      lane.isLost = true;
      lane.end.abort();
    }
  };

  const start = (partition: Partition, membership: Membership): void => {
    const end = new AbortController();
    const lane = createServedLane(context, options, partition, membership, gate, end.signal);
    const before = lanes.get(partition.index)?.done ?? Promise.resolve();
    const done = before.then(() => serve(lane, partition, end.signal));
    lanes.set(partition.index, { lane, membership, end, done, isLost: false });
  };

  const confirm = async (): Promise<void> => {
    const held = [...lanes].filter(([, { isLost }]) => !isLost);
    const offsets = held.flatMap(([partition, { lane }]) =>
      Object.entries(lane.toConfirm()).map(([topic, offset]) => ({ topic, partition, offset })),
    );
    if (offsets.length > 0) await held[0]?.[1].membership.commit(offsets);
  };

  const member = joinGroup({
    kafka,
    group: options.group,
    topics,
    sessionTimeoutMs,
    retry,
    assigner: coPartitioned([...serves.keys()]),
    onAssigned(assigned: readonly TopicPartition[], membership) {
      loseAll();
      membership.pause(assigned);
      const given = new Set(assigned.map(({ partition }) => partition));
      for (const partition of serves.values()) if (given.has(partition.index)) start(partition, membership);
    },
    onFetched({ topic, partition }, messages) {
      const assigned = lanes.get(partition);
      return assigned !== undefined && !assigned.end.signal.aborted && assigned.lane.take(topic, messages);
    },
    onLost: loseAll,
    onError(error) {
      for (const partition of options.partitions) options.onError(error, partition);
    },
  });

  let confirming: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    // What is not confirmed now is confirmed later; a group that has changed needs it from another member.
    confirming = confirming.then(confirm).catch(() => undefined);
  }, CONFIRM_MS);

  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    clearInterval(timer);
    for (const { end } of lanes.values()) end.abort();
    await Promise.all([...lanes.values()].map(({ done }) => done));
    const confirmed = confirming.then(confirm).catch(() => undefined);
    await Promise.race([confirmed, delay(CONFIRM_MS, undefined, { ref: false })]);
    await member.stop();
    // Assigned anew while it stopped.
    await Promise.all([...lanes.values()].map(({ done }) => done));
  };

  return {
    stop: () => (stopping ??= stop()),
    pause: () => gate.shut(),
    resume: () => gate.open(),
  };
};
