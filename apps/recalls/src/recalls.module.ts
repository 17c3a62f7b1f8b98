import { Module } from '@nestjs/common';
import type { EventLog } from '#event-log';
import type { Clock } from '#kernel';
import {
  CLOCK,
  EVENT_LOG,
  PG_POOL,
  PlatformModule,
  PROJECTIONS,
  PUBLIC_API,
  type Projections,
  type PublicApi,
} from '#platform';
import type { Pool } from 'pg';
import { createCaseKeeper } from './cases/case-keeper.js';
import { createCaseList } from './cases/case-list.js';
import { CasesWorker } from './cases/cases.worker.js';
import { FollowRecord } from './cases/follow-record.js';
import { ReconcileHolds } from './cases/reconcile-holds.js';
import { createStockHolds, type StockHolds } from './cases/stock-holds.js';
import { DecideCaseController } from './features/decide-case/decide-case.controller.js';
import { OpenCaseController } from './features/open-case/open-case.controller.js';
import { ViewCasesController } from './features/view-cases/view-cases.controller.js';
import { noticeWebhooks } from './features/webhooks/notice-webhooks.js';
import { createGenealogy, type Genealogy } from './scope/genealogy.js';
import { CASE_KEEPER, CASE_LIST, GENEALOGY, STOCK_HOLDS } from './tokens.js';

/** Recall cases: standing queries over the log that hold what they find. */
@Module({
  imports: [
    PlatformModule.forFeature({
      name: 'recalls',
      calls: ['genealogy', 'inventory'],
      migrations: noticeWebhooks.migrations,
    }),
  ],
  controllers: [
    OpenCaseController,
    DecideCaseController,
    ViewCasesController,
    CasesWorker,
    FollowRecord,
    ...noticeWebhooks.controllers,
  ],
  providers: [
    { provide: GENEALOGY, inject: [PUBLIC_API], useFactory: (api: PublicApi) => createGenealogy(api) },
    { provide: STOCK_HOLDS, inject: [PUBLIC_API], useFactory: (api: PublicApi) => createStockHolds(api) },
    {
      provide: CASE_KEEPER,
      inject: [EVENT_LOG, GENEALOGY, STOCK_HOLDS, CLOCK],
      useFactory: (log: EventLog, genealogy: Genealogy, holds: StockHolds, clock: Clock) =>
        createCaseKeeper({ log, genealogy, holds, clock }),
    },
    {
      provide: CASE_LIST,
      inject: [PG_POOL, PROJECTIONS],
      useFactory: (pool: Pool, projections: Projections) => createCaseList(pool, projections),
    },
    ReconcileHolds,
    ...noticeWebhooks.providers,
  ],
})
export class RecallsModule {}
