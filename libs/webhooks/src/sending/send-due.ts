import { randomUUID } from 'node:crypto';
import { pauseAfter } from '../retry-schedule.js';
import type { SecretBox } from '../secret-box.js';
import type { DeliveryStore, DueDelivery, Settled } from '../store/deliveries.js';
import type { EndpointStore } from '../store/endpoints.js';
import { attempt, type Outcome, type SendOptions } from './attempt.js';

export interface SenderTools extends SendOptions {
  endpoints: EndpointStore;
  deliveries: DeliveryStore;
  box: SecretBox;
  /** Pauses after failures, in ms; default `RETRY_DELAYS_MS`. */
  delays?: readonly number[] | undefined;
  observe: (outcome: 'delivered' | 'failed' | 'dead' | 'gone') => void;
}

/** A receiver that fails so often in a row is away: it is tried now and then only, and what waits keeps its attempts. */
const FAILURES_IN_A_ROW = 3;
const LEFT_ALONE_MS = 30_000;
/** For the two statements about a message besides its sending. */
const MARGIN_MS = 5_000;

const settledOf = (due: DueDelivery, outcome: Outcome, delays: readonly number[] | undefined): Settled => {
  const { result, status, error, retryAfterMs } = outcome;
  if (result === 'delivered') return { state: 'delivered', status, error: null, failures: 0, pauseMs: 0 };
  // It waits for whoever enables the endpoint again.
  if (result === 'gone') return { state: 'waiting', status, error, failures: due.failures, pauseMs: 0 };
  const failures = due.failures + 1;
  const pauseMs = pauseAfter({ failures, retryAfterMs, ...(delays && { delays }) });
  if (pauseMs === undefined) return { state: 'dead', status, error, failures, pauseMs: 0 };
  return { state: 'waiting', status, error, failures, pauseMs };
};

/**
 * Sends what is due to an endpoint, one after another in the order of the log, as its only sender. What fails waits for its
 * time while later ones go on. A process that dies in the middle leaves the message due: it is sent again with the same id
 * once the claim has run out.
 * @returns when to come again; undefined where nothing waits, or somebody else sees to it.
 */
export const sendDue = async (tools: SenderTools, id: string, signal: AbortSignal): Promise<Date | undefined> => {
  const { endpoints, deliveries, box, timeoutMs, delays, observe } = tools;
  const sender = randomUUID();
  let pauseMs = 0;
  let failed: number | undefined;
  try {
    while (!signal.aborted && pauseMs === 0) {
      // Before each message: it may have been deleted, disabled or given another secret meanwhile.
      const endpoint = await endpoints.claim(id, sender, timeoutMs + MARGIN_MS);
      if (!endpoint) return undefined;
      failed ??= endpoint.failed;
      const due = await deliveries.due(id);
      if (!due) break;
      const secrets = endpoint.secrets.map((sealed) => box.open(sealed, id));
      const outcome = await attempt(due, { url: endpoint.url, secrets }, tools);
      const settled = settledOf(due, outcome, delays);
      await deliveries.settle(due.id, due.attempts, settled);
      observe(settled.state === 'dead' ? 'dead' : outcome.result);
      if (outcome.result === 'gone') {
        await endpoints.disable(id, 'the receiver answered 410 Gone');
        return undefined;
      }
      failed = outcome.result === 'delivered' ? 0 : failed + 1;
      if (failed >= FAILURES_IN_A_ROW) pauseMs = LEFT_ALONE_MS;
    }
  } finally {
    if (failed !== undefined) await endpoints.letGo(id, sender, failed, pauseMs);
  }
  const nextAt = await deliveries.nextAt(id);
  return nextAt && new Date(Math.max(nextAt.getTime(), Date.now() + pauseMs));
};
