import { Module } from '@nestjs/common';
import { CaptureModule } from '../../capture/src/capture.module.js';
import { ExpiryModule } from '../../expiry/src/expiry.module.js';
import { GenealogyModule } from '../../genealogy/src/genealogy.module.js';
import { InventoryModule } from '../../inventory/src/inventory.module.js';
import { ProductionModule } from '../../production/src/production.module.js';
import { RecallsModule } from '../../recalls/src/recalls.module.js';
import { ShippingModule } from '../../shipping/src/shipping.module.js';

/** Every context in one process. */
@Module({
  imports: [
    CaptureModule,
    ProductionModule,
    InventoryModule,
    ShippingModule,
    RecallsModule,
    GenealogyModule,
    ExpiryModule,
  ],
})
export class StandaloneModule {}
