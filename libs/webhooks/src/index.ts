export { createWebhooks, type Request, type Subscription, type WebhookOptions, type Webhooks } from './webhooks.js';
export { webhookMigrations } from './store/migrations.js';
export type { Endpoint } from './store/endpoints.js';
export type { Attempt, Delivery, DeliveryState } from './store/deliveries.js';
export type { Outcome } from './sending/attempt.js';
export { RETRY_DELAYS_MS } from './retry-schedule.js';
