import type { NewEvent, RecordedEvent } from '#contracts';

/** What the writer believes about the stream: its last revision, that it does not exist, or nothing. */
export type ExpectedRevision = number | 'no-stream' | 'any';

/** Events for one stream, recorded together or not at all. */
export interface Append {
  stream: string;
  expected: ExpectedRevision;
  events: readonly NewEvent[];
}

export interface Recorded {
  id: string;
  position: string;
  revision: number;
  recordTime: string;
  /** It was there already, with the same content: this is the first result. */
  duplicate: boolean;
}

export type AppendResult =
  | { ok: true; recorded: readonly Recorded[] }
  /** The stream is not where the writer believed. */
  | { ok: false; reason: 'revision'; stream: string; expected: ExpectedRevision; actual: number | 'no-stream' }
  /** An id is taken by an event with other content; the first stays. */
  | { ok: false; reason: 'id-conflict'; id: string; position: string };

/** What the log holds under an event's id: nothing, an event with the same content, or one with other content. */
export type Comparison = { found: 'nothing' } | { found: 'same' | 'other'; position: string };

export interface LogIdentity {
  logId: string;
  /** Raised when a backup is restored: what was built on another epoch is rebuilt, never continued. */
  epoch: number;
  /**
   * Where the log ended as each epoch began, the latest last: up to there it is the same as before. Only where the log is
   * restored by itself: what PostgreSQL's log is read into is restored along with it.
   */
  epochStarts?: readonly EpochStart[];
}

export interface EpochStart {
  epoch: number;
  /** Position of the last event that the restored log had; '' where it had none. */
  head: string;
}

/** Part of the log in order. */
export interface LogBatch {
  events: readonly RecordedEvent[];
  /** Everything up to here has been read; also moves where a filter matched nothing. */
  position: string;
}

export interface ReadStreamOptions {
  from?: number;
  max?: number;
  backwards?: boolean;
}

export interface FollowOptions {
  /** Exclusive; undefined reads from the beginning. */
  after?: string | undefined;
  batchSize?: number;
  signal: AbortSignal;
}

/**
 * The truth. One gap-free total order over all streams; positions are opaque strings that compare as strings.
 * Guarantees, proven by the contract suite over every adapter:
 * - an id is recorded once; the same id with the same content gives the first result, with other content `id-conflict`;
 *   idempotency is looked at before the expected revision, so a retry after an unknown outcome is safe;
 * - appends of one call are independent: one that fails, fails alone;
 * - a reader of `after` P sees every event after P once and in order, however many write meanwhile.
 */
export interface EventLog {
  /**
   * Results stand in the order of the appends.
   * @throws LotlineError `malformed` or `too-large` where the log can hold one of them never (the others may be recorded), `unavailable`
   *   where it cannot now; what was sent may be recorded nonetheless.
   */
  append(appends: readonly Append[]): Promise<AppendResult[]>;
  /**
   * What an append of each of these events would find under its id, without appending. No reservation: another writer may
   * take an id between this and an append.
   */
  compare(events: readonly NewEvent[]): Promise<Comparison[]>;
  /**
   * @param options.from the first revision to read; reading backwards, the last.
   * @param options.backwards latest first: for streams that are carried forward now and then.
   * @returns [] where there is no such stream.
   */
  readStream(stream: string, options?: ReadStreamOptions): Promise<RecordedEvent[]>;
  /** @param options.after exclusive. @returns an empty batch at the end, its position being the head then. */
  readAll(options: { after?: string | undefined; max?: number; upTo?: string | undefined }): Promise<LogBatch>;
  /** Never ends by itself: waits for new events at the end. Ends when the signal aborts. Reconnects by itself. */
  follow(options: FollowOptions): AsyncIterable<LogBatch>;
  /** Position of the last event; '' where the log is empty (it sorts before every position). */
  head(): Promise<string>;
  identity(): Promise<LogIdentity>;
  /** Finishes what was accepted, then lets go. */
  close(): Promise<void>;
}
