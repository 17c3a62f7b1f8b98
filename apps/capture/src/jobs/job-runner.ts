import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { Logger } from 'pino';
import type { Pool } from 'pg';
import type { EpcisDocument } from '#contracts';
import type { EventLog } from '#event-log';
import type { Clock } from '#kernel';
import { CLOCK, EVENT_LOG, LOGGER, PG_POOL } from '#platform';
import { underJobLock, unfinishedJobs } from './job-store.js';
import { runJob } from './run-job.js';

const SWEEP_EVERY_MS = 5_000;
const AT_ONCE = 2;
/** Documents that wait in memory; those beyond are read again from their job. */
const MOST_DOCUMENTS = 8;

/**
 * Works off capture jobs: those accepted here at once, those left over by a process that died (or could not reach the log)
 * by a sweep at the start and every few seconds.
 */
@Injectable()
export class JobRunner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #waiting = new Map<string, EpcisDocument | undefined>();
  readonly #running = new Map<string, Promise<void>>();
  readonly #stopping = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(PG_POOL) private readonly pool: Pool,
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.sweep();
    this.#timer = setInterval(() => void this.sweep(), SWEEP_EVERY_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    this.#stopping.abort();
    this.#waiting.clear();
    await Promise.all(this.#running.values());
  }

  /** @param document where it has just been read. */
  submit(id: string, document?: EpcisDocument): void {
    if (this.#stopping.signal.aborted || this.#waiting.has(id) || this.#running.has(id)) return;
    this.#waiting.set(id, this.#waiting.size < MOST_DOCUMENTS ? document : undefined);
    this.#startNext();
  }

  /** Takes up every unfinished job that nobody here is at. */
  async sweep(): Promise<void> {
    try {
      for (const id of await unfinishedJobs(this.pool)) this.submit(id);
    } catch (err) {
      this.logger.error({ err }, 'unfinished capture jobs could not be looked for');
    }
  }

  #startNext(): void {
    for (const [id, document] of this.#waiting) {
      if (this.#running.size >= AT_ONCE || this.#stopping.signal.aborted) return;
      this.#waiting.delete(id);
      const run = this.#run(id, document).finally(() => {
        this.#running.delete(id);
        this.#startNext();
      });
      this.#running.set(id, run);
    }
  }

  async #run(id: string, document: EpcisDocument | undefined): Promise<void> {
    const { pool, log, clock } = this;
    try {
      await underJobLock(pool, id, () => runJob({ pool, log, clock, signal: this.#stopping.signal }, id, document));
    } catch (err) {
      // It stays unfinished: the next sweep tries again, and nothing is recorded twice.
      this.logger.error({ err, captureId: id }, 'a capture job was interrupted');
    }
  }
}
