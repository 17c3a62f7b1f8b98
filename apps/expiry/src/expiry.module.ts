import { Module } from '@nestjs/common';
import { PlatformModule } from '#platform';
import { KeepRaising } from './alerts/keep-raising.js';
import { SetLeadsController } from './features/set-leads/set-leads.controller.js';
import { ValueAtRiskController } from './features/value-at-risk/value-at-risk.controller.js';
import { ViewAlertsController } from './features/view-alerts/view-alerts.controller.js';
import { ViewDatesController } from './features/view-dates/view-dates.controller.js';
import { ViewExpiringController } from './features/view-expiring/view-expiring.controller.js';
import { ViewSuppliersController } from './features/view-suppliers/view-suppliers.controller.js';
import { alertWebhooks } from './features/webhooks/alert-webhooks.js';
import { ExpiryWorker } from './read-model/expiry.worker.js';

/** What expires when and where, the alerts that tell of it, and what became of the lots of each supplier. */
@Module({
  imports: [PlatformModule.forFeature({ name: 'expiry', migrations: alertWebhooks.migrations })],
  controllers: [
    ViewExpiringController,
    ViewDatesController,
    ValueAtRiskController,
    ViewAlertsController,
    SetLeadsController,
    ViewSuppliersController,
    ExpiryWorker,
    ...alertWebhooks.controllers,
  ],
  providers: [KeepRaising, ...alertWebhooks.providers],
})
export class ExpiryModule {}
