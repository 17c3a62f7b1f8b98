import { Module } from '@nestjs/common';
import type { EventLog } from '#event-log';
import { canonicalId, type Clock } from '#kernel';
import {
  CLOCK,
  CONFIG,
  EVENT_LOG,
  type LotlineConfig,
  PG_POOL,
  PlatformModule,
  PROJECTIONS,
  type Projections,
} from '#platform';
import { sitesOf } from '#traceability';
import type { Pool } from 'pg';
import { createBookKeeper, type KnownStockReader } from './books/book-keeper.js';
import { createDeliveryQueries } from './deliveries/delivery-queries.js';
import { DeliveriesWorker } from './deliveries/deliveries.worker.js';
import { AllocateStockController } from './features/allocate-stock/allocate-stock.controller.js';
import { AnnounceDeliveryController } from './features/announce-delivery/announce-delivery.controller.js';
import { CancelDeliveryController } from './features/cancel-delivery/cancel-delivery.controller.js';
import { ChangeDatesController } from './features/change-dates/change-dates.controller.js';
import { CorrectStockController } from './features/correct-stock/correct-stock.controller.js';
import { HoldLotsController } from './features/hold-lots/hold-lots.controller.js';
import { InspectLotController } from './features/inspect-lot/inspect-lot.controller.js';
import { InspectionPlansController } from './features/inspection-plans/inspection-plans.controller.js';
import { IssueStockController } from './features/issue-stock/issue-stock.controller.js';
import { JudgeLotController } from './features/judge-lot/judge-lot.controller.js';
import { MoveStockController } from './features/move-stock/move-stock.controller.js';
import { NonconformancesController } from './features/nonconformances/nonconformances.controller.js';
import { ReceiveStockController } from './features/receive-stock/receive-stock.controller.js';
import { ViewCommitmentsController } from './features/view-commitments/view-commitments.controller.js';
import { ViewDeliveriesController } from './features/view-deliveries/view-deliveries.controller.js';
import { ViewStockController } from './features/view-stock/view-stock.controller.js';
import { createKnownStockReader } from './known-stock/known-stock-reader.js';
import { STOCK } from './known-stock/stock-name.js';
import { StockWorker } from './known-stock/stock.worker.js';
import { createStockQueries } from './known-stock/stock-queries.js';
import { createSiteDays, type SiteDays } from './known-stock/site-days.js';
import { QualityQueries } from './read-model/quality-queries.js';
import { QualityWorker } from './read-model/quality.worker.js';
import { BOOK_KEEPER, DELIVERY_QUERIES, KNOWN_STOCK, SITE_DAYS, STOCK_QUERIES } from './tokens.js';

const ownPartiesOf = ({ ownParties }: LotlineConfig): string[] => ownParties.map((id) => canonicalId(id).id);

/** Lots, receipts, quality, stock books. */
@Module({
  imports: [PlatformModule.forFeature({ name: 'inventory' })],
  controllers: [
    ReceiveStockController,
    HoldLotsController,
    JudgeLotController,
    ChangeDatesController,
    AllocateStockController,
    IssueStockController,
    CorrectStockController,
    MoveStockController,
    ViewStockController,
    ViewCommitmentsController,
    InspectionPlansController,
    InspectLotController,
    NonconformancesController,
    QualityWorker,
    AnnounceDeliveryController,
    CancelDeliveryController,
    ViewDeliveriesController,
    StockWorker,
    DeliveriesWorker,
  ],
  providers: [
    QualityQueries,
    {
      provide: KNOWN_STOCK,
      inject: [PG_POOL, PROJECTIONS, CONFIG],
      useFactory: (pool: Pool, projections: Projections, config: LotlineConfig) =>
        createKnownStockReader(pool, projections, ownPartiesOf(config)),
    },
    {
      provide: BOOK_KEEPER,
      inject: [EVENT_LOG, KNOWN_STOCK, CLOCK],
      useFactory: (log: EventLog, known: KnownStockReader, clock: Clock) => createBookKeeper({ log, known, clock }),
    },
    {
      provide: DELIVERY_QUERIES,
      inject: [PG_POOL, PROJECTIONS, EVENT_LOG, CLOCK],
      useFactory: (pool: Pool, projections: Projections, log: EventLog, clock: Clock) =>
        createDeliveryQueries({ pool, projections, log, clock }),
    },
    {
      provide: STOCK_QUERIES,
      inject: [PG_POOL, PROJECTIONS, EVENT_LOG, SITE_DAYS, CONFIG],
      useFactory: (pool: Pool, projections: Projections, log: EventLog, days: SiteDays, config: LotlineConfig) =>
        createStockQueries({ pool, projections, log, days, ownParties: ownPartiesOf(config) }),
    },
    {
      provide: SITE_DAYS,
      inject: [PG_POOL, PROJECTIONS, CLOCK, CONFIG],
      useFactory: (pool: Pool, projections: Projections, clock: Clock, { timeZone }: LotlineConfig) =>
        createSiteDays({
          sites: async (places) => sitesOf(pool, await projections.schemaOf(STOCK), timeZone, places),
          ...{ clock, timeZone },
        }),
    },
  ],
})
export class InventoryModule {}
