import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Random } from '#simulator';

/** The way to one server, which can be disturbed without touching the server. */
export interface Link {
  port: number;
  /** Ends a share of the connections at once. @returns how many. */
  cut(share: number, random: Random): number;
  /** Ends all connections and refuses new ones until `restore`. */
  block(): void;
  /** Lets connections stand and nothing pass until `restore`. */
  freeze(): void;
  restore(): void;
  close(): Promise<void>;
}

interface Pair {
  client: Socket;
  server: Socket;
}

/** @param target where the server listens on loopback; may change until the first connection. */
export const openLink = async (target: () => number): Promise<Link> => {
  const pairs = new Set<Pair>();
  let state: 'open' | 'blocked' | 'frozen' = 'open';

  const destroy = ({ client, server }: Pair): void => {
    client.destroy();
    server.destroy();
  };
  const listener = createServer({ noDelay: true }, (client) => {
    if (state === 'blocked') {
      client.resetAndDestroy();
      return;
    }
    const server = connect({ port: target(), host: '127.0.0.1', noDelay: true });
    const pair = { client, server };
    pairs.add(pair);
    for (const socket of [client, server]) {
      socket.on('error', () => destroy(pair));
      socket.on('close', () => {
        pairs.delete(pair);
        destroy(pair);
      });
    }
    client.pipe(server);
    server.pipe(client);
    if (state === 'frozen') stand(pair);
  });
  const stand = ({ client, server }: Pair): void => {
    client.unpipe(server).pause();
    server.unpipe(client).pause();
  };
  const go = ({ client, server }: Pair): void => {
    client.pipe(server);
    server.pipe(client);
  };
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');

  return {
    port: (listener.address() as AddressInfo).port,
    cut: (share, random) => {
      const chosen = [...pairs].filter(() => random.chance(share));
      for (const pair of chosen) destroy(pair);
      return chosen.length;
    },
    block: () => {
      state = 'blocked';
      for (const pair of pairs) destroy(pair);
    },
    freeze: () => {
      state = 'frozen';
      for (const pair of pairs) stand(pair);
    },
    restore: () => {
      if (state === 'frozen') for (const pair of pairs) go(pair);
      state = 'open';
    },
    close: async () => {
      for (const pair of pairs) destroy(pair);
      listener.close();
      await once(listener, 'close');
    },
  };
};
