/** An event as a client sends it. */
export interface ProposedRecord {
  id: string;
  type: string;
  contentType: string;
  data: Uint8Array;
  metadata: Uint8Array;
}

export interface StoredRecord extends ProposedRecord {
  stream: string;
  revision: number;
  /** Commit and prepare position, which are one for what is appended by gRPC. */
  position: bigint;
  /** Ticks of 100 ns since 1970. */
  created: bigint;
}

export type Expected = number | 'no-stream' | 'any' | 'stream-exists';

export type AppendOutcome =
  { ok: true; revision: number; position: bigint } | { ok: false; actual: number | 'no-stream' };

/** What the nodes of a cluster hold together. */
export interface StoredRecords {
  readonly all: readonly StoredRecord[];
  stream(name: string): readonly StoredRecord[] | undefined;
  append(stream: string, records: readonly ProposedRecord[], expected: Expected): AppendOutcome;
  /** Holds what an earlier copy of `all` held and nothing else. */
  restore(copy: readonly StoredRecord[]): void;
  /** Told after every append. @returns how to stop. */
  onAppended(listener: () => void): () => void;
  /** Milliseconds by which the clock that stamps records is off from now on. */
  moveClock(ms: number): void;
}

const TICKS_PER_MS = 10_000n;

export const createStoredRecords = (): StoredRecords => {
  const all: StoredRecord[] = [];
  const streams = new Map<string, StoredRecord[]>();
  const listeners = new Set<() => void>();
  let position = 0n;
  let offset = 0;

  /** EventStoreDB's own idempotency: the same ids in the same order behind the expected revision. */
  const repeated = (held: readonly StoredRecord[], records: readonly ProposedRecord[], expected: Expected) => {
    const from =
      expected === 'no-stream'
        ? 0
        : typeof expected === 'number'
          ? expected + 1
          : held.findIndex(({ id }) => id === records[0]?.id);
    if (from < 0 || !records.every(({ id }, i) => held[from + i]?.id === id)) return undefined;
    return held[from + records.length - 1];
  };

  return {
    all,
    stream: (name) => streams.get(name),
    append: (stream, records, expected) => {
      const held = streams.get(stream) ?? [];
      const actual = held.length === 0 ? 'no-stream' : held.length - 1;
      const again = records.length > 0 ? repeated(held, records, expected) : undefined;
      if (again) return { ok: true, revision: again.revision, position: again.position };
      if (expected === 'stream-exists' ? actual === 'no-stream' : expected !== 'any' && expected !== actual)
        return { ok: false, actual };
      for (const record of records) {
        const created = BigInt(Date.now() + offset) * TICKS_PER_MS + 1_234n;
        position += BigInt(100 + record.data.length);
        const stored = { ...record, stream, revision: held.length, position, created };
        held.push(stored);
        all.push(stored);
      }
      streams.set(stream, held);
      for (const listener of [...listeners]) listener();
      return { ok: true, revision: held.length - 1, position };
    },
    restore: (copy) => {
      all.length = 0;
      streams.clear();
      for (const record of copy) {
        all.push(record);
        streams.set(record.stream, [...(streams.get(record.stream) ?? []), record]);
      }
      position = copy.at(-1)?.position ?? 0n;
    },
    onAppended: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    moveClock: (ms) => {
      offset = ms;
    },
  };
};
