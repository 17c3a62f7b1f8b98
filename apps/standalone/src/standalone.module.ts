import { Module } from '@nestjs/common';
import { ProductionModule } from '../../production/src/production.module.js';

/** Every context in one process. */
@Module({ imports: [ProductionModule] })
export class StandaloneModule {}
