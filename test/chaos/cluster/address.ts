import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as after } from 'node:timers/promises';

/** One address for several instances of an app, as an ingress gives it. */
export interface Address {
  url: string;
  close(): Promise<void>;
}

interface Instance {
  port: number;
  isHealthy: boolean;
  failures: number;
  sockets: Set<Socket>;
}

const PROBE_EVERY_MS = 500;
/** A process on a busy machine takes its time; one that stands still does so for longer. */
const PROBE_MS = 3_000;

const isReady = (port: number): Promise<boolean> =>
  fetch(`http://127.0.0.1:${port}/health/ready`, { signal: AbortSignal.timeout(PROBE_MS) }).then(
    async (answer) => {
      await answer.arrayBuffer();
      return answer.status === 200;
    },
    () => false,
  );

const connected = (port: number): Promise<Socket | undefined> =>
  new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    socket.once('connect', () => resolve(socket));
    socket.once('error', () => resolve(undefined));
  });

/**
 * Connections go to ready instances in turn, to another one where one refuses. An instance that does not answer its probe
 * twice is taken out and its connections are ended, so that nobody waits for a process that stands still.
 */
export const openAddress = async (ports: readonly number[]): Promise<Address> => {
  const instances: Instance[] = ports.map((port) => ({ port, isHealthy: false, failures: 0, sockets: new Set() }));
  const clients = new Set<Socket>();
  let turn = 0;
  let isOpen = true;

  const inOrder = (): Instance[] => {
    const start = turn++ % instances.length;
    const all = [...instances.slice(start), ...instances.slice(0, start)];
    return [...all.filter((one) => one.isHealthy), ...all.filter((one) => !one.isHealthy)];
  };

  const listener = createServer({ noDelay: true, pauseOnConnect: true }, (client) => {
    clients.add(client);
    client.on('error', () => client.destroy());
    client.on('close', () => clients.delete(client));
    void (async () => {
      for (const instance of inOrder()) {
        const server = await connected(instance.port);
        if (!server) continue;
        const end = (): void => {
          instance.sockets.delete(server);
          client.destroy();
          server.destroy();
        };
        instance.sockets.add(server);
        server.on('error', end).on('close', end);
        client.on('close', end);
        if (client.destroyed) {
          end();
          return;
        }
        client.pipe(server);
        server.pipe(client);
        return;
      }
      client.destroy();
    })();
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');

  const probing = instances.map(async (instance) => {
    while (isOpen) {
      const ready = await isReady(instance.port);
      instance.failures = ready ? 0 : instance.failures + 1;
      instance.isHealthy = ready || (instance.isHealthy && instance.failures < 2);
      if (!instance.isHealthy) for (const socket of instance.sockets) socket.destroy();
      await after(PROBE_EVERY_MS);
    }
  });

  return {
    url: `http://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    close: async () => {
      isOpen = false;
      for (const socket of [...clients, ...instances.flatMap(({ sockets }) => [...sockets])]) socket.destroy();
      listener.close();
      await once(listener, 'close');
      await Promise.all(probing);
    },
  };
};
