import { Module } from '@nestjs/common';
import { PG_POOL, PlatformModule } from '#platform';
import { MassBalanceController } from './features/mass-balance/mass-balance.controller.js';
import { SearchLotsController } from './features/search-lots/search-lots.controller.js';
import { TraceLotController } from './features/trace-lot/trace-lot.controller.js';
import { ViewDiscrepanciesController } from './features/view-discrepancies/view-discrepancies.controller.js';
import { ViewLotController } from './features/view-lot/view-lot.controller.js';
import { genealogyProjector } from './read-model/genealogy-projector.js';
import { createGenealogyReader } from './read-model/genealogy-reader.js';
import { GENEALOGY_READER } from './tokens.js';

/** Lots, transformations, movements, shipments: trace, ledger, mass balance, discrepancies. */
@Module({
  imports: [PlatformModule.forFeature({ name: 'genealogy', projectors: [genealogyProjector] })],
  controllers: [
    TraceLotController,
    SearchLotsController,
    ViewLotController,
    ViewDiscrepanciesController,
    MassBalanceController,
  ],
  providers: [{ provide: GENEALOGY_READER, inject: [PG_POOL], useFactory: createGenealogyReader }],
})
export class GenealogyModule {}
