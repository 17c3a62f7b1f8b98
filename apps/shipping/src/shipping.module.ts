import { Module } from '@nestjs/common';
import type { EventLog } from '#event-log';
import type { Clock } from '#kernel';
import {
  CLOCK,
  EVENT_LOG,
  LOGGER,
  PG_POOL,
  PlatformModule,
  PROJECTIONS,
  PUBLIC_API,
  type Projections,
  type PublicApi,
} from '#platform';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { createDispatchSweeper } from './dispatch/dispatch-sweeper.js';
import { createDispatcher, type Dispatcher } from './dispatch/dispatcher.js';
import { createStockIssues } from './dispatch/stock-issues.js';
import { SweepDispatches } from './dispatch/sweep-dispatches.js';
import { CancelShipmentController } from './features/cancel-shipment/cancel-shipment.controller.js';
import { DeliverShipmentController } from './features/deliver-shipment/deliver-shipment.controller.js';
import { DispatchShipmentController } from './features/dispatch-shipment/dispatch-shipment.controller.js';
import { PackShipmentController } from './features/pack-shipment/pack-shipment.controller.js';
import { PlanShipmentController } from './features/plan-shipment/plan-shipment.controller.js';
import { ReceiveReturnController } from './features/receive-return/receive-return.controller.js';
import { ViewShipmentsController } from './features/view-shipments/view-shipments.controller.js';
import { createEndedShipments } from './shipments/ended-shipments.js';
import { ShipmentsWorker } from './shipments/shipments.worker.js';
import { DISPATCHER, DISPATCH_SWEEPER } from './tokens.js';

/** Shipments, packing, dispatch, delivery, returns. */
@Module({
  imports: [PlatformModule.forFeature({ name: 'shipping', calls: ['inventory'] })],
  controllers: [
    PlanShipmentController,
    PackShipmentController,
    DispatchShipmentController,
    DeliverShipmentController,
    CancelShipmentController,
    ReceiveReturnController,
    ViewShipmentsController,
    ShipmentsWorker,
  ],
  providers: [
    {
      provide: DISPATCHER,
      inject: [EVENT_LOG, PUBLIC_API, CLOCK],
      useFactory: (log: EventLog, api: PublicApi, clock: Clock) =>
        createDispatcher({ log, stock: createStockIssues(api), clock }),
    },
    {
      provide: DISPATCH_SWEEPER,
      inject: [EVENT_LOG, PUBLIC_API, DISPATCHER, CLOCK, LOGGER, PG_POOL, PROJECTIONS],
      useFactory: (
        log: EventLog,
        api: PublicApi,
        dispatcher: Dispatcher,
        clock: Clock,
        logger: Logger,
        pool: Pool,
        projections: Projections,
      ) =>
        createDispatchSweeper({
          log,
          stock: createStockIssues(api),
          dispatcher,
          clock,
          ended: createEndedShipments(pool, projections),
          logger,
        }),
    },
    SweepDispatches,
  ],
})
export class ShippingModule {}
