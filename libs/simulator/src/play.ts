import { setTimeout as sleep } from 'node:timers/promises';
import type { Sent } from './event.js';
import { epcisDocument } from './world/master-data.js';
import type { World } from './world/world.js';

export interface Playing {
  /** Of a running Lotline. */
  url: string;
  /** API key, where it wants one. */
  key?: string;
  /** Events a second at most; absent: as fast as they are taken. */
  rate?: number;
  /** Events in a request, 200 by default. */
  batch?: number;
  /** Called after every request with what was sent so far. */
  onProgress?: (played: Played) => void;
}

export interface Played {
  recorded: number;
  /** Known before, with the same content. */
  duplicates: number;
  /** What was not taken, with reasons as the server gave them. */
  refused: unknown[];
  /** Log position that a read has to have to see all of it; empty before anything was recorded. */
  position: string;
}

/** The server does not take what it should, or not any more. */
export class PlayFailed extends Error {}

const ATTEMPTS = 60;

interface Client {
  post(path: string, contentType: string, body: unknown): Promise<Response>;
  get(path: string): Promise<Response>;
}

/** Asks again while the server is not there or says "not now": events have ids, so sending twice does no harm. */
const clientOf = ({ url, key }: Playing): Client => {
  const known = { accept: 'application/json', ...(key !== undefined && { authorization: `Bearer ${key}` }) };
  const ask = async (path: string, init: RequestInit, more: Record<string, string> = {}): Promise<Response> => {
    const headers = { ...known, ...more };
    for (let attempt = 1; ; attempt++) {
      const [answer, trouble] = await fetch(new URL(path, url), { ...init, headers }).then(
        (response) => [response, undefined] as const,
        (error: unknown) => [undefined, error] as const,
      );
      if (answer !== undefined && answer.status !== 503 && answer.status !== 429) return answer;
      if (attempt === ATTEMPTS)
        throw new PlayFailed(`${url} ${answer === undefined ? 'cannot be reached' : `answers ${answer.status}`}`, {
          cause: trouble,
        });
      await answer?.body?.cancel();
      await sleep(Math.min(1000, 50 * attempt));
    }
  };
  return {
    post: (path, contentType, body) =>
      ask(path, { method: 'POST', body: JSON.stringify(body) }, { 'content-type': contentType }),
    get: (path) => ask(path, { method: 'GET' }),
  };
};

const failed = async (what: string, answer: Response): Promise<PlayFailed> =>
  new PlayFailed(`${what}: ${answer.status} ${(await answer.text()).slice(0, 2000)}`);

const later = (a: string, b: string | null): string => (b !== null && b > a ? b : a);

interface FactsAnswer {
  recorded: number;
  duplicates: number;
  refused: unknown[];
}

const sendFacts = async (client: Client, events: readonly object[], played: Played): Promise<void> => {
  const answer = await client.post('/events', 'application/cloudevents-batch+json', events);
  if (answer.status !== 202 && answer.status !== 422) throw await failed('POST /events', answer);
  const body = (await answer.json()) as Partial<FactsAnswer> & { errors?: unknown[] };
  played.recorded += body.recorded ?? 0;
  played.duplicates += body.duplicates ?? 0;
  played.refused.push(...(body.refused ?? body.errors ?? []));
  played.position = later(played.position, answer.headers.get('x-log-position'));
};

interface JobAnswer {
  running: boolean;
  recorded: number;
  duplicates: number;
  errors: unknown[];
}

/** A document is durable when it is taken, and recorded when its job has ended. */
const sendDocument = async (client: Client, document: object, played: Played): Promise<void> => {
  const taken = await client.post('/epcis/capture', 'application/json', document);
  const location = taken.headers.get('location');
  if (taken.status !== 202 || location === null) throw await failed('POST /epcis/capture', taken);
  await taken.body?.cancel();
  for (let wait = 5; ; wait = Math.min(wait * 2, 500)) {
    const answer = await client.get(location);
    if (answer.status !== 200) throw await failed(`GET ${location}`, answer);
    const job = (await answer.json()) as JobAnswer;
    played.position = later(played.position, answer.headers.get('x-log-position'));
    if (!job.running) {
      played.recorded += job.recorded;
      played.duplicates += job.duplicates;
      played.refused.push(...job.errors);
      return;
    }
    await sleep(wait);
  }
};

/**
 * Plays events to a running Lotline: the plant's master data first, then batches in the order given, native facts and EPCIS
 * events of a batch in a request each.
 * @param events may go on for ever; no more than a batch is held.
 * @throws PlayFailed where the server refuses a request as a whole or cannot be reached for long.
 */
export const play = async (world: World, events: Iterable<Sent>, playing: Playing): Promise<Played> => {
  const { batch = 200, rate, onProgress } = playing;
  const client = clientOf(playing);
  const played: Played = { recorded: 0, duplicates: 0, refused: [], position: '' };
  const masterData: Played = { ...played, refused: [] };
  await sendDocument(client, epcisDocument(world, [], true), masterData);
  if (masterData.refused.length > 0) throw new PlayFailed(`master data: ${JSON.stringify(masterData.refused)}`);
  const start = Date.now();
  let sent = 0;
  const send = async (facts: readonly object[], epcis: readonly object[]): Promise<void> => {
    if (facts.length > 0) await sendFacts(client, facts, played);
    if (epcis.length > 0) await sendDocument(client, epcisDocument(world, epcis), played);
    sent += facts.length + epcis.length;
    onProgress?.(played);
    if (rate !== undefined) await sleep(Math.max(0, (sent / rate) * 1000 - (Date.now() - start)));
  };
  let [facts, epcis]: [object[], object[]] = [[], []];
  for (const { form, event } of events) {
    (form === 'native' ? facts : epcis).push(event);
    if (facts.length + epcis.length < batch) continue;
    await send(facts, epcis);
    [facts, epcis] = [[], []];
  }
  await send(facts, epcis);
  return played;
};
