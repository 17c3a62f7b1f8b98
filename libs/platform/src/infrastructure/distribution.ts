import type { EventBus, EventPublisher, PartitionLag } from '#event-bus';
import type { Probes } from './probe.js';
import type { Records } from './records.js';

/** How events reach the workers of a profile, and what others write and read beside it. */
export interface Distribution {
  bus: EventBus;
  /** From the log to the broker; the relay's. Where there is none, `publish` rejects. */
  publisher: EventPublisher;
  records: Records;
  /** How far the groups of this process are behind, in the broker's own terms. @throws where it does not answer. */
  lag(): Promise<readonly PartitionLag[]>;
  /** Of the servers it needs besides the database and the log. */
  probes: Probes;
  /** Leaves the groups, then lets go; the log stays open. */
  close(): Promise<void>;
}
