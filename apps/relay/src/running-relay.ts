import { hostname } from 'node:os';
import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { EventPublisher } from '#event-bus';
import type { EventLog } from '#event-log';
import { EVENT_LOG, EVENT_PUBLISHER, LOGGER, METRICS, PG_POOL } from '#platform';
import { startRelay, type Relay } from './relay.js';

/** How long a relay that is dead or stands still keeps the others waiting. */
const LEASE_MS = 6_000;
const LOOK_EVERY_MS = 1_000;
/**
 * Every publication ends in a watermark, so that readers know how far the log is. Repeated while nothing happens, it says again
 * what every partition holds already, and makes sure that this relay still publishes.
 */
const WATERMARK = { firstMs: 1_000, longestMs: 30_000 };
const BATCH_SIZE = 1_000;
const DELAYS = { firstMs: 50, longestMs: 2_000 };

/** The relay of this process, from its start to its stop, as operators see it. */
@Injectable()
export class RunningRelay implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #relay: Relay | undefined;

  constructor(
    @Inject(PG_POOL) private readonly pool: Pool,
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(EVENT_PUBLISHER) private readonly publisher: EventPublisher,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(METRICS) private readonly metrics: Registry,
  ) {}

  onApplicationBootstrap(): void {
    const { pool, log, publisher, logger } = this;
    const published = new Counter({
      name: 'lotline_relay_published_events_total',
      help: 'Events of the log that the broker has acknowledged.',
      registers: [this.metrics],
    });
    const relay = startRelay({
      pool,
      log,
      publisher,
      holder: `${hostname()}-${process.pid}`,
      leaseMs: LEASE_MS,
      lookEveryMs: LOOK_EVERY_MS,
      watermark: WATERMARK,
      batchSize: BATCH_SIZE,
      delays: DELAYS,
      observer: {
        role: (role) => logger.info({ role }, `the relay is ${role}`),
        published: (events) => published.inc(events),
        failed: (err) => logger.warn({ err }, 'the log could not be published; it is tried again'),
        deposed: (err) => logger.warn({ err }, 'another relay may publish now'),
      },
    });
    this.#relay = relay;
    this.#show(relay);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#relay?.stop();
  }

  #show(relay: Relay): void {
    new Gauge({
      name: 'lotline_relay_active',
      help: '1 where this relay publishes the log; of all relays of a log, one.',
      registers: [this.metrics],
      collect() {
        this.set(relay.status().role === 'active' ? 1 : 0);
      },
    });
    new Gauge({
      name: 'lotline_relay_lag_seconds',
      help: 'Age of the oldest event that is recorded and not published; 0 where all are, or another relay publishes.',
      registers: [this.metrics],
      collect() {
        const { behindSince } = relay.status();
        this.set(behindSince === undefined ? 0 : Math.max(0, (Date.now() - Date.parse(behindSince)) / 1_000));
      },
    });
  }
}
