import { Module } from '@nestjs/common';
import { PlatformModule } from '#platform';
import { KeepRaising } from './alerts/keep-raising.js';
import { ViewAlertsController } from './features/view-alerts/view-alerts.controller.js';
import { ViewExpiringController } from './features/view-expiring/view-expiring.controller.js';
import { alertWebhooks } from './features/webhooks/alert-webhooks.js';
import { ExpiryWorker } from './read-model/expiry.worker.js';

/** What expires when and where, and the alerts that tell of it. */
@Module({
  imports: [PlatformModule.forFeature({ name: 'expiry', migrations: alertWebhooks.migrations })],
  controllers: [ViewExpiringController, ViewAlertsController, ExpiryWorker, ...alertWebhooks.controllers],
  providers: [KeepRaising, ...alertWebhooks.providers],
})
export class ExpiryModule {}
