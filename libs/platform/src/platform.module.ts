import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { PermissionGuard } from './auth/permission.guard.js';
import { featureModule, type Feature } from './feature.js';
import { HealthController } from './health/health.controller.js';
import { Readiness } from './health/readiness.js';
import { ProblemFilter } from './http/problem.filter.js';
import { RouteTable } from './http/route-table.js';
import { validationPipe } from './http/validation.js';
import { IdempotencyInterceptor } from './idempotency/idempotency.interceptor.js';
import type { Infrastructure } from './infrastructure/infrastructure.js';
import { MetricsController } from './metrics/metrics.controller.js';
import { MinPositionInterceptor } from './projections/min-position.interceptor.js';
import type { Projections } from './projections/projections.js';
import { openPublicApi } from './infrastructure/open-public-api.js';
import { LocalPublicApi } from './public-api/local-public-api.js';
import { IfMatchInterceptor } from './request/if-match.interceptor.js';
import {
  CLOCK,
  CONFIG,
  EVENT_BUS,
  EVENT_LOG,
  EVENT_PUBLISHER,
  JOBS,
  LOGGER,
  METRICS,
  PG_POOL,
  PROBES,
  PROJECTIONS,
  PUBLIC_API,
  RECORDS,
} from './tokens.js';

/** What `bootstrapApp` has made before Nest makes the rest. */
export interface Composed {
  infrastructure: Infrastructure;
  projections: Projections;
  routes: RouteTable;
  readiness: Readiness;
}

/** Everything that is the same in every app. */
@Module({})
export class PlatformModule {
  /** Once per process, by `bootstrapApp`. */
  static forRoot({ infrastructure, projections, routes, readiness }: Composed): DynamicModule {
    const { config, pool, log, bus, publisher, records, jobs, probes, clock, logger, metrics } = infrastructure;
    const local = new LocalPublicApi();
    const values = [
      { provide: CONFIG, useValue: config },
      { provide: PG_POOL, useValue: pool },
      { provide: EVENT_LOG, useValue: log },
      { provide: EVENT_BUS, useValue: bus },
      { provide: EVENT_PUBLISHER, useValue: publisher },
      { provide: RECORDS, useValue: records },
      { provide: JOBS, useValue: jobs },
      { provide: PROBES, useValue: probes },
      { provide: CLOCK, useValue: clock },
      { provide: LOGGER, useValue: logger },
      { provide: METRICS, useValue: metrics },
      { provide: RouteTable, useValue: routes },
      { provide: LocalPublicApi, useValue: local },
      { provide: PUBLIC_API, useValue: openPublicApi(config, logger, local) },
      { provide: Readiness, useValue: readiness },
      { provide: PROJECTIONS, useValue: projections },
    ];
    return {
      module: PlatformModule,
      global: true,
      controllers: [HealthController, MetricsController],
      providers: [
        ...values,
        { provide: APP_GUARD, useClass: PermissionGuard },
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_PIPE, useFactory: validationPipe },
        { provide: APP_INTERCEPTOR, useClass: IfMatchInterceptor },
        { provide: APP_INTERCEPTOR, useClass: MinPositionInterceptor },
        { provide: APP_INTERCEPTOR, useClass: IdempotencyInterceptor },
      ],
      exports: values.map((value) => value.provide),
    };
  }

  /** Says what an app brings along. */
  static forFeature(feature: Feature): DynamicModule {
    return featureModule(feature);
  }
}
