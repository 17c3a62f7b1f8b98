import type { Delivery, Endpoint, Outcome } from '#webhooks';

/** A webhook as it is shown: never with its secret. The context adds what it is told of. */
export interface WebhookView {
  id: string;
  url: string;
  description?: string;
  createdAt: string;
  createdBy: string;
  /** It is told of everything after this position of the log. */
  from: string;
  state: 'active' | 'disabled';
  disabled?: { at: string; because: string };
  /** Deliveries that wait for their next attempt, and those that are not tried any more. */
  waiting: number;
  dead: number;
}

export const webhookView = (endpoint: Endpoint): WebhookView => {
  const { id, url, description, createdAt, createdBy, since, disabled, waiting, dead } = endpoint;
  return {
    ...{ id, url, ...(description !== null && { description }) },
    ...{ createdAt: createdAt.toISOString(), createdBy, from: since, state: disabled ? 'disabled' : 'active' },
    ...(disabled && { disabled: { at: disabled.at.toISOString(), because: disabled.because } }),
    ...{ waiting, dead },
  };
};

export interface AttemptView {
  at: string;
  /** HTTP status; absent where there was no answer. */
  status?: number;
  /** Absent where it was delivered. */
  error?: string;
}

export interface DeliveryView {
  /** `webhook-id` of its messages. */
  id: string;
  webhook: string;
  event: string;
  type: string;
  position: string;
  state: Delivery['state'];
  nextAttemptAt?: string;
  /** The latest ten, the last one last. */
  attempts: AttemptView[];
}

export const deliveryView = ({
  id,
  endpoint,
  event,
  type,
  position,
  state,
  nextAt,
  attempts,
}: Delivery): DeliveryView => ({
  ...{ id, webhook: endpoint, event, type, position, state },
  ...(nextAt && { nextAttemptAt: nextAt.toISOString() }),
  attempts: attempts.map(({ at, status, error }) => ({
    at: at.toISOString(),
    ...(status !== null && { status }),
    ...(error !== null && { error }),
  })),
});

/** What came of a ping. */
export interface TestView {
  delivered: boolean;
  status?: number;
  error?: string;
}

export const testView = ({ result, status, error }: Outcome): TestView => ({
  delivered: result === 'delivered',
  ...(status !== null && { status }),
  ...(error !== null && { error: error.slice(0, 200) }),
});
