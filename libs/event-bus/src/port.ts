import type { RecordedEvent } from '#contracts';

/** A share of the events: those whose key falls on this partition, in log order. */
export interface Partition {
  index: number;
  of: number;
}

export interface Delivery {
  partition: Partition;
  events: readonly RecordedEvent[];
  /** Everything of this partition up to here is contained in this delivery or an earlier one (watermark). */
  position: string;
}

export interface Subscription {
  /** Stops fetching, waits for the delivery under way, leaves. */
  stop(): Promise<void>;
  pause(): void;
  resume(): void;
}

export interface ConsumeOptions {
  /** Named group: its members divide the partitions. */
  group: string;
  partitions: readonly Partition[];
  batchSize?: number;
  /** Where each partition stands, from the consumer's own store: the bus keeps no checkpoint of its own that matters. */
  startAfter: (partition: Partition) => Promise<string | undefined>;
  /** Deliveries of one partition come one after another; a rejection is retried from `startAfter`. */
  onDelivery: (delivery: Delivery) => Promise<void>;
  onError: (error: unknown, partition: Partition) => void;
}

/** Distribution of the log to many workers. Publishing is the relay's business (Kafka adapter); the log tail needs none. */
export interface EventBus {
  consume(options: ConsumeOptions): Promise<Subscription>;
}

/** The key of an event: a fact's first lot, else its stream, so that most of a lot's facts stay together. */
export type KeyOf = (event: RecordedEvent) => string;
