/** Who works on the events: one build of a read model, or a reactor. */
export interface Consumer {
  /** Checkpoint key: the schema of the build, or `reactor:{name}`. */
  consumer: string;
  name: string;
  /** 0 for a reactor. */
  version: number;
}

/** What the engine tells while it works, for metrics and logs; must not throw and must not wait. */
export interface Observer {
  /** A batch was committed: effects and checkpoint. */
  batch?(
    at: Consumer & { partition: number; events: number; parked: number; durationMs: number; position: string },
  ): void;
  /** An event was parked; `follows` where only because an earlier one of its stream is parked. */
  parked?(at: Consumer & { eventId: string; stream: string; error: string; follows: boolean }): void;
  /** A batch failed as a whole and will be tried again. */
  failed?(at: Consumer & { partition: number; error: unknown }): void;
  /** The consumer stopped by itself and says why; an operator or a newer release is needed. */
  paused?(at: Consumer & { state: 'paused' | 'needs-rebuild'; reason: string }): void;
}
