import type { Provider, Type } from '@nestjs/common';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { DataOf, EventDefinition } from '#contracts';
import type { EventLog } from '#event-log';
import type { Jobs } from '#jobs';
import { createWebhooks, webhookMigrations, type Webhooks } from '#webhooks';
import type { LotlineConfig } from '../config/lotline-config.js';
import type { MigrationClass } from '../postgres/migrate.js';
import { CONFIG, EVENT_LOG, JOBS, LOGGER, METRICS, PG_POOL } from '../tokens.js';
import { KeepSending } from './keep-sending.js';
import { observeWebhooks, type WebhookMetrics } from './observe-webhooks.js';
import { tellWebhooks } from './tell-webhooks.js';
import { webhooksController } from './webhooks.controller.js';
import type { WebhookDto } from './webhooks.dto.js';

/** What a context tells the outside world by webhooks. */
export interface WebhookFeature<Dto extends WebhookDto = WebhookDto, D extends EventDefinition = EventDefinition> {
  /** Names its routes (`/<context>/webhooks`), its permission (`<context>:webhooks`), its tables and its queue. */
  context: string;
  /** Place of its tables among all migrations: 13 digits. */
  stamp: string;
  event: D;
  /** What is told, in a few words. */
  tells: string;
  /** What an event is about, as `only` names it. */
  about: (data: DataOf<D>) => string | undefined;
  dto: Type<Dto>;
  /** Canonical ids of what a new endpoint wants to be told of; undefined: of everything. */
  only: (dto: Dto) => readonly string[] | undefined;
  /** The same, in the words of the context. @param only null: everything. */
  shown: (only: readonly string[] | null) => Readonly<Record<string, unknown>>;
}

/** What a context's module takes in to have webhooks. */
export const webhooksOf = <Dto extends WebhookDto, D extends EventDefinition>(
  feature: WebhookFeature<Dto, D>,
): { controllers: Type[]; providers: Provider[]; migrations: readonly MigrationClass[] } => {
  const { context } = feature;
  const token = Symbol(`webhooks of ${context}`);
  const metricsToken = Symbol(`metrics of the webhooks of ${context}`);
  const general = feature as unknown as WebhookFeature<Dto>;
  return {
    migrations: webhookMigrations(context, feature.stamp),
    controllers: [webhooksController(general, token), tellWebhooks(general, token)],
    providers: [
      {
        provide: metricsToken,
        inject: [METRICS],
        useFactory: (metrics: Registry) => observeWebhooks(metrics, context),
      },
      {
        provide: token,
        inject: [PG_POOL, EVENT_LOG, JOBS, CONFIG, LOGGER, metricsToken],
        useFactory: (
          pool: Pool,
          log: EventLog,
          jobs: Jobs,
          { secretsKey, webhookAllowPrivate: allowPrivate }: LotlineConfig,
          logger: Logger,
          metrics: WebhookMetrics,
        ): Webhooks =>
          createWebhooks({
            ...{ context, pool, log, jobs, allowPrivate, observe: metrics.attempted },
            key: secretsKey === undefined ? undefined : Buffer.from(secretsKey, 'base64'),
            unwoken: (err) =>
              logger.warn(
                { err, context },
                'the queue could not be told of webhooks that are due; the sweep finds them',
              ),
          }),
      },
      {
        provide: Symbol(`sending of the webhooks of ${context}`),
        inject: [token, metricsToken, LOGGER],
        useFactory: (webhooks: Webhooks, metrics: WebhookMetrics, logger: Logger) =>
          new KeepSending(context, webhooks, metrics, logger),
      },
    ],
  };
};
