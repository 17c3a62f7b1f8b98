import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { EventLog } from '#event-log';
import type { Jobs, JobWorker } from '#jobs';
import { canonicalId, LotlineError, type Clock } from '#kernel';
import {
  CLOCK,
  CONFIG,
  EVENT_LOG,
  JOBS,
  LOGGER,
  PG_POOL,
  PROJECTIONS,
  repeatedly,
  type LotlineConfig,
  type Projections,
  type Repeated,
} from '#platform';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { EXPIRY } from '../read-model/expiry-projector.js';
import { raiseAlerts, type Raised } from './raise-alerts.js';

const QUEUE = 'expiry-alerts';
/** One timer for all lots: what is due then is asked of the read model. */
const KEY = 'due';

const LOOK_EVERY_MS = 1_000;
/** A round works a tenth of the time at most, however large the stock and however much is reported. */
const REST = 9;

/**
 * Raises alerts when a day begins at a site (a job wakes it) and when the record changed (it looks). Looking also finds
 * what the job missed: all that a queue holds may be lost, and nothing else is.
 */
@Injectable()
export class KeepRaising implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly looking: Repeated;
  private worker: JobWorker | undefined;
  private last: (Raised & { notBefore: number }) | undefined;
  private told: Date | undefined;
  private running: Promise<unknown> = Promise.resolve();

  constructor(
    @Inject(PG_POOL) private readonly pool: Pool,
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(PROJECTIONS) private readonly projections: Projections,
    @Inject(JOBS) private readonly jobs: Jobs,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: LotlineConfig,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.looking = repeatedly(() => this.look(), {
      ...{ everyMs: LOOK_EVERY_MS, logger },
      failed: 'expiry alerts could not be raised; the next look tries again',
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    this.worker = await this.jobs.work(QUEUE, () => this.raiseUnlessBehind());
    this.looking.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([this.looking.stop(), this.worker?.stop()]);
    await this.running;
  }

  private async look(): Promise<void> {
    const { last } = this;
    if (last && performance.now() < last.notBefore) return;
    if (last && this.clock() < last.nextDay) {
      const { position } = await this.projections.waitFor(EXPIRY, '', 0);
      if (position === last.position) return;
    }
    await this.raiseUnlessBehind();
  }

  /** While much is reported, or a read model is built, looking goes on every second; its lag is told elsewhere. */
  private async raiseUnlessBehind(): Promise<void> {
    try {
      await this.raise();
    } catch (error) {
      if (!(error instanceof LotlineError && error.kind === 'behind')) throw error;
    }
  }

  /** One after another in this process; other processes do the same, and the log has each alert once. */
  private raise(): Promise<void> {
    const round = this.running.then(() => this.round());
    this.running = round.catch(() => undefined);
    return round;
  }

  private async round(): Promise<void> {
    const { pool, log, projections, clock, config } = this;
    const done = await raiseAlerts({
      ...{ pool, log, projections, clock, leads: config.expiryLeads, timeZone: config.timeZone },
      ours: config.ownParties.map((id) => canonicalId(id).id),
    });
    this.last = { ...done, notBefore: performance.now() + REST * done.busyMs };
    if (done.raised > 0) this.logger.info({ alerts: done.raised }, 'expiry alerts were raised');
    await this.wakeAt(done.nextDay);
  }

  /** Told once a day: a job that comes early, or that is lost, is made up for by looking. */
  private async wakeAt(nextDay: Date): Promise<void> {
    if (nextDay.getTime() === this.told?.getTime()) return;
    try {
      await this.jobs.wake(QUEUE, [{ key: KEY, at: nextDay }]);
      this.told = nextDay;
    } catch (err) {
      this.logger.warn({ err }, 'the queue could not be told when the next day begins; looking finds it');
    }
  }
}
