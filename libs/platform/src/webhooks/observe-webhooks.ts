import { Counter, Gauge, type Registry } from 'prom-client';

export interface WebhookMetrics {
  attempted: (outcome: 'delivered' | 'failed' | 'dead' | 'gone') => void;
  counted: (counts: { waiting: number; dead: number }) => void;
}

/** Contexts of one process share the metrics, told apart by a label. */
export const observeWebhooks = (metrics: Registry, context: string): WebhookMetrics => {
  const attempts =
    (metrics.getSingleMetric('lotline_webhook_attempts_total') as Counter<'context' | 'outcome'> | undefined) ??
    new Counter({
      name: 'lotline_webhook_attempts_total',
      help: 'Attempts to deliver a message, by outcome: delivered, failed (tried again), dead (the last one failed), gone (410)',
      labelNames: ['context', 'outcome'],
      registers: [metrics],
    });
  const deliveries =
    (metrics.getSingleMetric('lotline_webhook_deliveries') as Gauge<'context' | 'state'> | undefined) ??
    new Gauge({
      name: 'lotline_webhook_deliveries',
      help: 'Deliveries that wait for their next attempt, and dead ones that wait for an operator',
      labelNames: ['context', 'state'],
      registers: [metrics],
    });
  return {
    attempted: (outcome) => attempts.inc({ context, outcome }),
    counted: ({ waiting, dead }) => {
      deliveries.set({ context, state: 'waiting' }, waiting);
      deliveries.set({ context, state: 'dead' }, dead);
    },
  };
};
