import { Gauge, type Registry } from 'prom-client';
import type { Jobs } from '#jobs';
import type { Distribution } from '../infrastructure/distribution.js';
import { within } from '../infrastructure/within.js';

/** A server that is away must not keep the others' figures waiting. */
const BOUND_MS = 2_000;

/** How far this process is behind in the broker, whether its servers answer, and jobs that nobody tries any more. */
export const observeServers = (
  metrics: Registry,
  { lag, probes, jobs }: Pick<Distribution, 'lag' | 'probes'> & { jobs: Jobs },
): void => {
  new Gauge({
    name: 'lotline_kafka_consumer_lag_records',
    help: 'Records, watermarks included, that a group of this process has not confirmed yet',
    labelNames: ['group', 'topic', 'partition'],
    registers: [metrics],
    async collect() {
      this.reset();
      for (const { group, topic, partition, lag: records } of (await within(BOUND_MS, lag())) ?? [])
        this.set({ group, topic, partition: String(partition) }, records);
    },
  });
  new Gauge({
    name: 'lotline_server_up',
    help: '1 where a server answers that this process works with; the names are those of /health/ready',
    labelNames: ['server'],
    registers: [metrics],
    async collect() {
      const answers = Object.entries(probes).map(async ([server, probe]) => {
        const isUp = await within(
          BOUND_MS,
          probe().then(() => true),
        );
        this.set({ server }, isUp === true ? 1 : 0);
      });
      await Promise.all(answers);
    },
  });
  new Gauge({
    name: 'lotline_jobs_dead',
    help: 'Jobs that failed too often and wait for an operator',
    labelNames: ['queue'],
    registers: [metrics],
    async collect() {
      const dead = await within(BOUND_MS, jobs.dead());
      if (dead === undefined) return;
      this.reset();
      for (const { queue } of dead) this.inc({ queue });
    },
  });
};
