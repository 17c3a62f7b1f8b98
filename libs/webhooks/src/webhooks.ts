import { randomUUID } from 'node:crypto';
import type { RecordedEvent } from '#contracts';
import type { EventLog } from '#event-log';
import type { Jobs } from '#jobs';
import { notFound, refused, uuidFromName } from '#kernel';
import type { Pool } from 'pg';
import { cloudEventOf, pingEventOf } from './cloud-event.js';
import { secretBox, type SecretBox } from './secret-box.js';
import { attempt, type Outcome } from './sending/attempt.js';
import type { SenderTools } from './sending/send-due.js';
import { createSender, type Sender } from './sending/sender.js';
import { newSecret } from './signature.js';
import { deliveryStore, type Delivery, type DeliveryState } from './store/deliveries.js';
import { endpointStore, type Endpoint } from './store/endpoints.js';
import { webhookSchema } from './store/migrations.js';
import { endpointUrl } from './target/endpoint-url.js';

export interface WebhookOptions {
  /** Names its tables (`webhookMigrations`) and its queue. */
  context: string;
  pool: Pool;
  log: Pick<EventLog, 'head'>;
  jobs: Jobs;
  /** 32 bytes that secrets are sealed with; without it there are no webhooks. */
  key?: Buffer | undefined;
  /** Plain http and addresses that are not public. */
  allowPrivate: boolean;
  /** Of one attempt; default 15 s. */
  timeoutMs?: number | undefined;
  /** As of `SenderTools`. */
  delays?: readonly number[] | undefined;
  observe?: SenderTools['observe'];
  /** The queue of jobs is away; what is due is sent all the same, by the sweep. */
  unwoken?: (error: unknown) => void;
}

export interface Subscription {
  url: string;
  description?: string | undefined;
  /** Canonical ids of what it wants to be told of; undefined: of everything. */
  only?: readonly string[] | undefined;
}

export interface Request {
  /** Who asks. */
  by: string;
  /** Equal for a repetition of the same request, different for any other. */
  seed: string;
}

export interface Webhooks {
  /** @throws LotlineError `bad-webhook-url` (400), `webhooks-need-a-key` (422). */
  add(subscription: Subscription, request: Request): Promise<{ endpoint: Endpoint; secret: string }>;
  /** @param after creation time and id of the last one before; nulls at the beginning. */
  list(after: readonly (string | null)[], limit: number): Promise<Endpoint[]>;
  /** @throws LotlineError `webhook-unknown` (404), as everything below that takes an endpoint's id. */
  read(id: string): Promise<Endpoint>;
  remove(id: string): Promise<void>;
  /** The former secret goes on signing beside the new one for a day. */
  rotate(id: string, request: Request): Promise<{ endpoint: Endpoint; secret: string }>;
  /** After a 410; all that waits is due now. */
  enable(id: string): Promise<Endpoint>;
  /** Sends an event that says nothing, and tells what came of it. */
  test(id: string): Promise<Outcome>;
  /** @param after position and id of the last one before; nulls at the beginning. */
  deliveries(
    filter: { state?: DeliveryState | undefined; endpoint?: string | undefined },
    after: readonly (string | null)[],
    limit: number,
  ): Promise<Delivery[]>;
  /** @throws LotlineError `delivery-unknown` (404). */
  retry(delivery: string): Promise<void>;
  /**
   * Makes a row for each event and endpoint that wants it, and wakes the sender. Told again, it changes nothing.
   * @param about what an event is about, as endpoints want it; undefined: only those hear of it that want everything.
   */
  tell(events: readonly RecordedEvent[], about: (event: RecordedEvent) => string | undefined): Promise<void>;
  counts(): Promise<{ waiting: number; dead: number }>;
  /** Undefined without a key: nothing can be signed. */
  readonly sender: Sender | undefined;
}

const OVERLAP_MS = 24 * 60 * 60 * 1_000;
const TIMEOUT_MS = 15_000;
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

const needKey = (): never => {
  const message =
    'secrets of webhooks are stored sealed, and this installation has no key for that: set LOTLINE_SECRETS_KEY to 32 random bytes in base64 (openssl rand -base64 32)';
  throw refused('webhooks-need-a-key', message, [{ code: 'webhooks-need-a-key', message }]);
};

/** The webhooks of one context. */
export const createWebhooks = (options: WebhookOptions): Webhooks => {
  const { context, pool, log, jobs, key, allowPrivate, timeoutMs = TIMEOUT_MS, delays } = options;
  const { observe = () => undefined, unwoken = () => undefined } = options;
  const schema = webhookSchema(context);
  const endpoints = endpointStore(pool, schema);
  const deliveries = deliveryStore(pool, schema);
  const sendOptions = { allowPrivate, timeoutMs };
  const box: SecretBox | undefined = key && secretBox(key);
  const sender =
    box &&
    createSender({
      ...{ ...sendOptions, endpoints, deliveries, box, delays, observe, jobs, unwoken },
      queue: `webhooks-${context}`,
    });
  const keyed = (): SecretBox => box ?? needKey();

  const unknown = (id: string) => notFound('webhook-unknown', `there is no webhook ${id}`);
  const known = (id: string): string => {
    if (!UUID.test(id)) throw unknown(id);
    return id.toLowerCase();
  };
  const read: Webhooks['read'] = async (id) => {
    const endpoint = await endpoints.read(known(id));
    if (!endpoint) throw unknown(id);
    return endpoint;
  };
  const secretsOf = async (id: string): Promise<string[]> => {
    const sealed = await endpoints.secrets(known(id));
    if (!sealed) throw unknown(id);
    return sealed.map((one) => keyed().open(one, known(id)));
  };
  const withSecret = async (id: string): Promise<{ endpoint: Endpoint; secret: string }> => {
    const [secret = ''] = await secretsOf(id);
    return { endpoint: await read(id), secret };
  };

  return {
    sender,
    read,
    add: async ({ url, description, only }, { by, seed }) => {
      const id = uuidFromName(`webhook:${seed}`);
      const isNew = await endpoints.add({
        ...{ id, url: endpointUrl(url, allowPrivate).href, createdBy: by },
        ...{ description: description ?? null, only: only === undefined ? null : [...new Set(only)] },
        since: await log.head(),
        secret: keyed().seal(newSecret(), id),
      });
      // Whatever is appended from here on is told of, as the endpoint can be seen by now. What came in between may be.
      if (isNew) await endpoints.raiseSince(id, await log.head());
      return withSecret(id);
    },
    list: (after, limit) => endpoints.list(after, limit),
    remove: async (id) => {
      if (!(await endpoints.remove(known(id)))) throw unknown(id);
    },
    rotate: async (id, { seed }) => {
      await read(id);
      await endpoints.rotate(known(id), keyed().seal(newSecret(), known(id)), seed, OVERLAP_MS);
      return withSecret(id);
    },
    enable: async (id) => {
      if (!(await endpoints.enable(known(id)))) throw unknown(id);
      await deliveries.hurry(known(id));
      await sender?.wake([known(id)]);
      return read(id);
    },
    test: async (id) => {
      const { url } = await read(id);
      const secrets = await secretsOf(id);
      const message = randomUUID();
      const body = pingEventOf(message, `lotline/${context}`, new Date());
      return attempt({ id: message, body }, { url, secrets }, sendOptions);
    },
    deliveries: (filter, after, limit) => deliveries.list(filter, after, limit),
    retry: async (id) => {
      const endpoint = UUID.test(id) ? await deliveries.retry(id) : undefined;
      if (endpoint === undefined) throw notFound('delivery-unknown', `there is no delivery ${id}`);
      await sender?.wake([endpoint]);
    },
    tell: async (events, about) => {
      if (events.length === 0) return;
      const told = await deliveries.tell(
        events.map((event) => ({
          ...{ id: event.id, type: event.type, position: event.position, body: cloudEventOf(event) },
          about: about(event) ?? null,
        })),
      );
      await sender?.wake(told);
    },
    counts: () => deliveries.count(),
  };
};
