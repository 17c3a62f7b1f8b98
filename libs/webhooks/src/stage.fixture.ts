import { randomBytes, randomUUID } from 'node:crypto';
import { NoticeIssued, type RecordedEvent } from '#contracts';
import { createPostgresEventLog, eventLogMigrations, type EventLog } from '#event-log';
import type { Jobs } from '#jobs';
import { createTestDatabase, type TestDatabase } from '#testkit';
import { createWebhooks, webhookMigrations, type WebhookOptions, type Webhooks } from './index.js';
import { startReceiver, type Receiver } from './receiver.fixture.js';

export const CONTEXT = 'recalls';
export const migrations = webhookMigrations(CONTEXT, '1769000000001');

/** A log of notices, a receiver, and as many processes that tell of them as a spec opens. */
export interface Stage {
  database: TestDatabase;
  receiver: Receiver;
  key: Buffer;
  open: (jobs: Jobs, more?: Partial<WebhookOptions>) => Webhooks;
  /** Appends a notice and has it told, as the reactor does. @returns it. */
  notify: (webhooks: Webhooks, consignee?: string) => Promise<RecordedEvent>;
  /** All that the log has is told again, as after a crash of the reactor. */
  tellAgain: (webhooks: Webhooks) => Promise<void>;
  /** A new request. */
  request: () => { by: string; seed: string };
  close: () => Promise<void>;
}

export const about = ({ data }: RecordedEvent): string => (data as { consignee: string }).consignee;

export const createStage = async (): Promise<Stage> => {
  const database = await createTestDatabase({ migrations: [...eventLogMigrations, ...migrations] });
  const log: EventLog = createPostgresEventLog({ pool: database.pool });
  const receiver = await startReceiver();
  const key = randomBytes(32);
  const opened: Webhooks[] = [];
  return {
    database,
    receiver,
    key,
    open: (jobs, more = {}) => {
      const webhooks = createWebhooks({
        ...{ context: CONTEXT, pool: database.pool, log, jobs, key, allowPrivate: true, timeoutMs: 2_000 },
        ...more,
      });
      opened.push(webhooks);
      return webhooks;
    },
    notify: async (webhooks, consignee = 'urn:test:shop') => {
      const id = randomUUID();
      const stream = `recall-${randomUUID()}`;
      const [result] = await log.append([
        {
          ...{ stream, expected: 'any' },
          events: [
            {
              ...{
                id,
                type: NoticeIssued.type,
                schemaVersion: NoticeIssued.version,
                eventTime: '2026-05-01T12:00:00Z',
              },
              data: { ...NoticeIssued.sample, consignee },
              meta: { source: 'lotline/recalls', actor: 'key:somebody', correlationId: id },
            },
          ],
        },
      ]);
      if (result?.ok !== true) throw new Error(JSON.stringify(result));
      const [event] = await log.readStream(stream);
      if (!event) throw new Error('nothing was recorded');
      await webhooks.tell([event], about);
      return event;
    },
    tellAgain: async (webhooks) => {
      const { events } = await log.readAll({ max: 10_000 });
      await webhooks.tell(events, about);
    },
    request: () => ({ by: 'key:test', seed: randomUUID() }),
    close: async () => {
      await Promise.all(opened.map(async ({ sender }) => sender?.stop()));
      await receiver.close();
      await log.close();
      await database.drop();
    },
  };
};
