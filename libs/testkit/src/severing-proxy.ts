import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface SeveringProxy {
  /** The server's URL by way of the proxy. */
  url: string;
  /**
   * Cuts the next connection that sends these bytes, once: before they reach the server, or after the server has answered
   * them and before the answer reaches the client.
   * @returns resolves when it has cut.
   */
  severAt(bytes: string, moment: 'before-request' | 'before-answer'): Promise<void>;
  close(): Promise<void>;
}

interface Trap {
  bytes: Buffer;
  moment: 'before-request' | 'before-answer';
  sprung: () => void;
}

/**
 * Stands between a client and a real PostgreSQL and loses a connection at an exact point of the protocol, which no
 * signal can be timed to hit: the COMMIT that never arrives, and the COMMIT whose answer is lost.
 */
export const startSeveringProxy = async (serverUrl: string): Promise<SeveringProxy> => {
  const target = new URL(serverUrl);
  const sockets = new Set<Socket>();
  let trap: Trap | undefined;

  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    let sprung: Trap | undefined;
    const cut = (): void => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', cut);
      socket.on('close', () => {
        sockets.delete(socket);
        cut();
      });
    }
    client.on('data', (chunk) => {
      if (trap && chunk.includes(trap.bytes)) {
        sprung = trap;
        trap = undefined;
        if (sprung.moment === 'before-request') {
          cut();
          sprung.sprung();
          return;
        }
      }
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      if (!sprung) client.write(chunk);
      // Its command tag: the server has done it.
      else if (chunk.includes(sprung.bytes)) {
        cut();
        sprung.sprung();
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(serverUrl);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);

  return {
    url: url.href,
    severAt: (bytes, moment) =>
      new Promise((resolve) => {
        trap = { bytes: Buffer.from(bytes), moment, sprung: resolve };
      }),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
};
