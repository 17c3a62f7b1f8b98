import { Module } from '@nestjs/common';
import { CaptureModule } from '../../capture/src/capture.module.js';
import { InventoryModule } from '../../inventory/src/inventory.module.js';
import { ProductionModule } from '../../production/src/production.module.js';
import { ShippingModule } from '../../shipping/src/shipping.module.js';

/** Every context in one process. */
@Module({ imports: [CaptureModule, ProductionModule, InventoryModule, ShippingModule] })
export class StandaloneModule {}
