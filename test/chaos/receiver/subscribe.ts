import { type Answered, type Asked, askOnce, backOff } from '../load/ask.js';
import type { Product } from '../cluster/start-product.js';

export interface Subscribed {
  /** By the path of the endpoint. */
  secrets: Readonly<Record<string, string>>;
  /** What an operator does once receivers are mended: whatever waits is sent at once. @returns what kept it from it. */
  hurry: () => Promise<string[]>;
}

const CONTEXTS = [
  { context: 'recalls', wants: { consignees: ['*'] } },
  { context: 'expiry', wants: {} },
] as const;

const MOST_TRIES = 60;

/** A process that is ready may still be slow to answer: asked again with the same key, it does the same thing once. */
const insist = async (asked: Asked, key?: string): Promise<Answered | undefined> => {
  const headers = { ...asked.headers, ...(key !== undefined && { 'idempotency-key': key }) };
  for (let attempt = 0; attempt < MOST_TRIES; attempt++) {
    const answer = await askOnce({ ...asked, headers });
    if (answer && answer.status < 500) return answer;
    await backOff(attempt);
  }
  return undefined;
};

/** Subscribes the receiver to every recall notice and expiry alert. @param base its URL. */
export const subscribe = async (product: Product, base: string): Promise<Subscribed> => {
  const headers = { authorization: `Bearer ${product.key}` };
  const secrets: Record<string, string> = {};
  const enablers: string[] = [];
  for (const { context, wants } of CONTEXTS) {
    const path = `/${context}`;
    const url = `${product.urlOf(context)}/${context}/webhooks`;
    const answer = await insist(
      { method: 'POST', url, headers, body: { ...wants, url: `${base}${path}` } },
      `subscribe-${context}`,
    );
    if (answer?.status !== 201) throw new Error(`no webhook for ${context}: ${JSON.stringify(answer?.body)}`);
    secrets[path] = String(answer.body.secret);
    enablers.push(`${url}/${answer.body.id}/enable`);
  }
  return {
    secrets,
    hurry: async () => {
      const answers = await Promise.all(enablers.map((url) => insist({ method: 'POST', url, headers })));
      return answers.flatMap((answer, i) =>
        answer?.status === 200 ? [] : [`${enablers[i]} answered ${answer?.status}`],
      );
    },
  };
};
