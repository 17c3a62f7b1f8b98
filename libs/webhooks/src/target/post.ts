import { request as requestByHttp } from 'node:http';
import { request as requestByHttps } from 'node:https';
import { endpointUrl } from './endpoint-url.js';
import { publicLookup } from './public-lookup.js';

export interface Post {
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string;
  /** From the first packet to the last byte that is read. */
  timeoutMs: number;
  allowPrivate: boolean;
}

export interface PostAnswer {
  status: number;
  /** Lower case. */
  retryAfter: string | undefined;
  /** The beginning of the answer's body. */
  text: string;
}

/** Enough to tell an operator why; the rest is not read. */
const READ_BYTES = 1_024;

/**
 * Sends and reads the answer, on a connection of its own. A redirection is an answer as any other: it is not followed, since
 * nobody has looked at where it leads.
 * @throws Error where there is no answer: refused, too late, or a target that must not be called.
 */
export const post = ({ url: text, headers, body, timeoutMs, allowPrivate }: Post): Promise<PostAnswer> =>
  new Promise((resolve, reject) => {
    const url = endpointUrl(text, allowPrivate);
    const request = url.protocol === 'https:' ? requestByHttps : requestByHttp;
    const timeout = AbortSignal.timeout(timeoutMs);
    const content = Buffer.from(body);
    const sent = request(url, {
      method: 'POST',
      headers: { ...headers, 'content-length': String(content.length) },
      agent: false,
      signal: timeout,
      ...(!allowPrivate && { lookup: publicLookup }),
    });
    const fail = (error: Error): void =>
      reject(timeout.aborted ? new Error(`no answer within ${timeoutMs} ms`) : error);
    sent.on('error', fail);
    sent.on('response', (response) => {
      let read = Buffer.alloc(0);
      const done = (): void => {
        const { statusCode: status = 0, headers: told } = response;
        resolve({ status, retryAfter: told['retry-after'], text: read.toString().slice(0, READ_BYTES) });
        response.destroy();
      };
      // Who says yes need not say more.
      if (response.statusCode !== undefined && response.statusCode >= 200 && response.statusCode < 300) {
        done();
        return;
      }
      response.on('data', (chunk: Buffer) => {
        read = Buffer.concat([read, chunk]);
        if (read.length >= READ_BYTES) done();
      });
      response.on('end', done);
      response.on('error', fail);
    });
    sent.end(content);
  });
