import { setTimeout as sleep } from 'node:timers/promises';

export interface Answer {
  status: number;
  headers: Headers;
  body: any;
}

/** What an upstream system, an analyst or a recall manager does: HTTP and JSON, nothing else. */
export interface Client {
  get(path: string, query?: Record<string, string | undefined>): Promise<Answer>;
  post(path: string, body: unknown, contentType?: string): Promise<Answer>;
}

/** @throws Trouble where nobody answers at the URL. */
export const clientOf = (url: string, key?: string): Client => {
  const authorization = key === undefined ? {} : { authorization: `Bearer ${key}` };
  const ask = async (path: string, init: { method?: string; headers?: object; body?: string }): Promise<Answer> => {
    const headers = { ...init.headers, ...authorization };
    const response = await fetch(new URL(path, url), { ...init, headers }).catch((cause: unknown) => {
      throw new Trouble(`Nobody answers at ${url}`, { cause });
    });
    return { status: response.status, headers: response.headers, body: await response.json() };
  };
  return {
    get: (path, query = {}) => {
      const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
      return ask(given.length > 0 ? `${path}?${new URLSearchParams(given).toString()}` : path, {});
    },
    post: (path, body, contentType = 'application/json') =>
      ask(path, {
        method: 'POST',
        headers: { 'content-type': contentType },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
  };
};

/** Asks again until the answer is as wanted. @throws after a minute, naming what was waited for. */
export const eventually = async (
  what: string,
  ask: () => Promise<Answer>,
  wanted: (answer: Answer) => boolean,
): Promise<Answer> => {
  const end = Date.now() + 60_000;
  for (let wait = 5; ; wait = Math.min(wait * 2, 200)) {
    const answer = await ask();
    if (wanted(answer)) return answer;
    if (Date.now() > end) throw new Error(`not within a minute: ${what} (last answer ${answer.status})`);
    await sleep(wait);
  }
};

/** Something that the user of the demo can mend: told in words, without a stack trace. */
export class Trouble extends Error {}

interface ToldProblem {
  message: string;
  index?: number;
  field?: string;
  found?: unknown;
  expected?: string;
}

/** What Lotline has against an input, a line each: which event, which field, what was found, what is expected. */
export const problemLines = (problems: readonly ToldProblem[]): string =>
  problems
    .map(({ index, field, message, found, expected }) =>
      [
        index === undefined ? '' : `event ${index}: `,
        field === undefined || field === '' ? '' : `${field}: `,
        message,
        found === undefined ? '' : ` (found ${JSON.stringify(found)})`,
        expected === undefined ? '' : `, expected ${expected}`,
      ].join(''),
    )
    .map((line) => `  ${line}`)
    .join('\n');

/** @throws Trouble in the words of the problem document where the answer is not as expected. */
export const expectStatus = (answer: Answer, ...statuses: number[]): Answer => {
  if (!statuses.includes(answer.status))
    throw new Trouble(
      `Lotline answered ${answer.status}: ${answer.body.detail ?? answer.body.title}\n${problemLines(answer.body.problems ?? [])}`,
    );
  return answer;
};
