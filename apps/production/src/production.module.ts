import { Module } from '@nestjs/common';
import { PlatformModule } from '#platform';
import { ImportItemsController } from './features/items/import-items.controller.js';
import { ItemsController } from './features/items/items.controller.js';
import { OrdersController } from './features/orders/orders.controller.js';
import { RunsController } from './features/runs/runs.controller.js';
import { StepsController } from './features/steps/steps.controller.js';
import { AttemptSweeper } from './features/transformations/attempt-sweeper.js';
import { TransformationsController } from './features/transformations/transformations.controller.js';
import { ProductionWorker } from './read-model/production.worker.js';
import { ProductionQueries } from './read-model/queries.js';

/** Items, production orders, runs with their steps, and transformations. */
@Module({
  imports: [PlatformModule.forFeature({ name: 'production', calls: ['inventory'] })],
  controllers: [
    ImportItemsController,
    ItemsController,
    OrdersController,
    RunsController,
    StepsController,
    TransformationsController,
    ProductionWorker,
  ],
  providers: [ProductionQueries, AttemptSweeper],
})
export class ProductionModule {}
