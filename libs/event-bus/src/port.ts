import type { RecordedEvent } from '#contracts';
import type { LogIdentity } from '#event-log';

/** A share of the events: those whose key falls on this partition, in log order. */
export interface Partition {
  index: number;
  of: number;
}

/** All partitions of a division, for a process that does all the work itself. */
export const allPartitions = (of: number): Partition[] => Array.from({ length: of }, (_, index) => ({ index, of }));

/** Where a consumer stands in a partition. Kept by the consumer, in one transaction with its effects. */
export interface Place {
  /** Log position: everything of the partition up to here is done. '' is the beginning. */
  position: string;
  /** The bus's own name of the place (Kafka: topic id and next offset); kept and handed back, never read by others. */
  cursor?: string | undefined;
}

export interface Delivery {
  partition: Partition;
  /** In log order; may be empty, then only the watermark moved. */
  events: readonly RecordedEvent[];
  /** Everything of this partition up to here is contained in this delivery or an earlier one (watermark). */
  position: string;
  cursor?: string | undefined;
  /** The log that these positions belong to. */
  log: LogIdentity;
}

export interface Subscription {
  /** Stops fetching, waits for the deliveries under way, leaves. Idempotent. */
  stop(): Promise<void>;
  /** Nothing is delivered after a delivery that is under way; the place in the group is kept. */
  pause(): void;
  resume(): void;
}

export interface ConsumeOptions {
  /** Named group: its members divide the partitions (Kafka) or are told apart by `partitions` (log tail). */
  group: string;
  /** What this member is ready to serve; a broker may assign fewer of them. */
  partitions: readonly Partition[];
  /** At most so many events in one delivery; default 1000. */
  batchSize?: number;
  /**
   * False for an event whose key this release cannot tell, so that it may be of any partition: read from the log, it is
   * handed to each of them. Absent: all are known.
   */
  isKnown?: (event: RecordedEvent) => boolean;
  /** Where each partition stands, from the consumer's own store: the bus keeps no checkpoint of its own that matters. */
  startAfter: (partition: Partition) => Promise<Place | undefined>;
  /**
   * Deliveries of one partition come one after another, the next only when this one is resolved (back-pressure).
   * A rejection is told to `onError`, then after a growing delay the partition goes on from `startAfter`.
   */
  onDelivery: (delivery: Delivery) => Promise<void>;
  onError: (error: unknown, partition: Partition) => void;
}

/** Distribution of the log to many workers. Publishing is the relay's business (`EventPublisher`); the log tail needs none. */
export interface EventBus {
  consume(options: ConsumeOptions): Promise<Subscription>;
  /** How many partitions events are divided into: as the topics have it (Kafka), or as the bus was made (log tail). */
  partitions(): Promise<number>;
  /** The key it was made with, without any adapter's own routing. */
  keyOf: KeyOf;
  /** The partition an event travels in; the same for every adapter with the same `KeyOf`. */
  partitionOf(event: RecordedEvent, of: number): number;
  /** Stops what is still subscribed, then lets go of what the bus itself holds; the log stays open. */
  close(): Promise<void>;
}

/** A part of the log that follows on the last one published, as the relay hands it on. */
export interface Publication {
  /** In log order; may be empty, then only the watermark moves. */
  events: readonly RecordedEvent[];
  /** Exclusive: the events are all there is after it, up to `position`. '' is the beginning. */
  after: string;
  position: string;
  log: LogIdentity;
}

/** The way from the log to the workers of a bus that has a broker. Only the relay publishes. */
export interface EventPublisher {
  /**
   * Hands the events to their partitions, and the watermark to all of them. Resolved when the broker has it for good;
   * after a rejection any part of it may be there, and the same publication may be handed over again.
   */
  publish(publication: Publication): Promise<void>;
  close(): Promise<void>;
}

/** The key of an event: a fact's first lot, else its stream, so that most of a lot's facts stay together. */
export type KeyOf = (event: RecordedEvent) => string;
