import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Reply {
  status: number;
  headers?: Record<string, string>;
  body?: string;
}

/** What receivers run: an HTTP server on loopback that writes down each message. */
export interface Receiver {
  url: (path?: string) => string;
  received: Received[];
  /** Ids of all messages to a path, in the order they came, repetitions included. */
  ids: (path?: string) => string[];
  /** How it answers from now on; 'never': not at all. Default: 200 to everything. */
  replies: (reply: (message: Received, times: number) => Reply | 'never') => void;
  close: () => Promise<void>;
}

export const startReceiver = async (): Promise<Receiver> => {
  const received: Received[] = [];
  let replyTo: (message: Received, times: number) => Reply | 'never' = () => ({ status: 200 });
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const message = {
        ...{ path: request.url ?? '', headers: request.headers },
        body: Buffer.concat(chunks).toString(),
      };
      received.push(message);
      const id = message.headers['webhook-id'];
      const reply = replyTo(message, received.filter(({ headers }) => headers['webhook-id'] === id).length);
      if (reply !== 'never') response.writeHead(reply.status, reply.headers).end(reply.body);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    received,
    url: (path = '/') => `http://127.0.0.1:${port}${path}`,
    ids: (path = '/') =>
      received.filter((message) => message.path === path).map(({ headers }) => String(headers['webhook-id'])),
    replies: (reply) => (replyTo = reply),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};

/** Waits for a condition. @throws where it does not come true within 60 seconds. */
export const until = async (what: string, condition: () => Promise<boolean> | boolean): Promise<void> => {
  const giveUp = Date.now() + 60_000;
  while (!(await condition())) {
    if (Date.now() > giveUp) throw new Error(`not within 60 s: ${what}`);
    await sleep(20);
  }
};
