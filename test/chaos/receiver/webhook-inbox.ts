import type { IncomingMessage } from 'node:http';
import { Webhook } from 'standardwebhooks';
import type { RecordedEvent } from '#contracts';
import type { Ledger } from './open-ledger.js';

/**
 * What a consumer's endpoint does: takes what is signed with its secret, counts it once by the id of the message, and answers
 * when it is written down. @param secrets by the path it was subscribed with.
 */
export const webhookInbox =
  (secrets: Readonly<Record<string, string>>, ledger: Ledger) =>
  async (request: IncomingMessage): Promise<number> => {
    const body = Buffer.concat((await request.toArray()) as Buffer[]).toString();
    const secret = secrets[request.url ?? ''];
    if (secret === undefined) return 404;
    try {
      const alert = new Webhook(secret).verify(body, request.headers as Record<string, string>);
      ledger.count(String(request.headers['webhook-id']), alert as RecordedEvent);
    } catch {
      return 400;
    }
    return 204;
  };
