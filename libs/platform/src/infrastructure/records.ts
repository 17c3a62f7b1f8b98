import type { InboundRecord, Subscription } from '#event-bus';

export interface ReceiveOptions {
  /** Short name, as `capture.v1`. */
  topic: string;
  /** Without the installation's prefix. */
  group: string;
  /** Records of one call at most; default 500. */
  batchSize?: number;
  /** Records of one partition, in order; the next call only when this one is resolved. Rejected: the same come again. */
  onRecords: (records: readonly InboundRecord[]) => Promise<void>;
}

/** A record for a topic that others read. */
export interface OutgoingRecord {
  /** Short name, as `capture.refused.v1`. */
  topic: string;
  key?: string | Buffer | null;
  value: string | Buffer | null;
  headers?: Readonly<Record<string, string | Buffer>>;
}

/** Topics that others write or read, besides those that carry the log. */
export interface Records {
  receive(options: ReceiveOptions): Promise<Subscription>;
  /**
   * Resolved when the broker has them for good.
   * @throws LotlineError `unavailable`, or `too-large` where they are more than the topic takes at once: any of them may be there
   *   nonetheless.
   */
  send(records: readonly OutgoingRecord[]): Promise<void>;
  close(): Promise<void>;
}
