import { Module } from '@nestjs/common';
import type { Clock } from '#kernel';
import { CLOCK, CONFIG, PG_POOL, PlatformModule, PUBLIC_API, type LotlineConfig, type PublicApi } from '#platform';
import type { Pool } from 'pg';
import { createStockPromises } from './features/view-discrepancies/stock-promises.js';
import { ListSuspectsController } from './features/list-suspects/list-suspects.controller.js';
import { BalancePeriodController } from './features/balance-period/balance-period.controller.js';
import { ClosePeriodController } from './features/close-period/close-period.controller.js';
import { ListGapsController } from './features/list-gaps/list-gaps.controller.js';
import { MassBalanceController } from './features/mass-balance/mass-balance.controller.js';
import { ScopeSuspectsController } from './features/scope-suspects/scope-suspects.controller.js';
import { SearchLotsController } from './features/search-lots/search-lots.controller.js';
import { TraceLotController } from './features/trace-lot/trace-lot.controller.js';
import { ViewDiscrepanciesController } from './features/view-discrepancies/view-discrepancies.controller.js';
import { ViewLotController } from './features/view-lot/view-lot.controller.js';
import { GenealogyWorker } from './read-model/genealogy.worker.js';
import { genealogyMigrations } from './read-model/migrations.js';
import { createGenealogyReader } from './read-model/genealogy-reader.js';
import { GENEALOGY_READER, STOCK_PROMISES } from './tokens.js';

/** Lots, transformations, movements, shipments: trace, ledger, mass balance, discrepancies. */
@Module({
  imports: [PlatformModule.forFeature({ name: 'genealogy', migrations: genealogyMigrations, calls: ['inventory'] })],
  controllers: [
    TraceLotController,
    ScopeSuspectsController,
    ListSuspectsController,
    SearchLotsController,
    ViewLotController,
    ViewDiscrepanciesController,
    BalancePeriodController,
    ListGapsController,
    ClosePeriodController,
    MassBalanceController,
    GenealogyWorker,
  ],
  providers: [
    {
      provide: GENEALOGY_READER,
      inject: [PG_POOL, CLOCK, CONFIG],
      useFactory: (pool: Pool, clock: Clock, { ownParties }: LotlineConfig) =>
        createGenealogyReader(pool, clock, ownParties),
    },
    { provide: STOCK_PROMISES, inject: [PUBLIC_API], useFactory: (api: PublicApi) => createStockPromises(api) },
  ],
})
export class GenealogyModule {}
