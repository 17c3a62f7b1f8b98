import { Module } from '@nestjs/common';
import { PlatformModule } from '#platform';

@Module({ imports: [PlatformModule.forFeature({ name: 'production' })] })
export class ProductionModule {}
