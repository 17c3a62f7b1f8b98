import { Module } from '@nestjs/common';
import { PlatformModule } from '#platform';
import { ViewExpiringController } from './features/view-expiring/view-expiring.controller.js';
import { expiryProjector } from './read-model/expiry-projector.js';

/** What expires when and where. */
@Module({
  imports: [PlatformModule.forFeature({ name: 'expiry', projectors: [expiryProjector] })],
  controllers: [ViewExpiringController],
})
export class ExpiryModule {}
